//! Looking for records by an address or a name that may have been given up in a merge.

use fairfall_domain::merging::MergeKind;

use crate::sql::Sql;

/// Where a key is kept.
#[derive(Clone, Copy, Debug)]
pub(in crate::repo) struct Keyed {
    /// The kind of record.
    pub(in crate::repo) kind: MergeKind,
    /// Its table.
    pub(in crate::repo) table: &'static str,
    /// The column of the key.
    pub(in crate::repo) column: &'static str,
}

/// The addresses of people.
pub(in crate::repo) const EMAIL: Keyed = Keyed { kind: MergeKind::Person, table: "person", column: "email_key" };

/// The names of companies.
pub(in crate::repo) const NAME: Keyed = Keyed { kind: MergeKind::Company, table: "company", column: "name_key" };

/// Adds a source `asked(key, id, nth, created_at, own)`: each record that lives (`id`) by the keys that lead to it. `nth` is 0 where the record itself
/// has the key, 1 where one that was merged into it has, and 2 where it gave the key up when it was merged. `push_keys` adds the condition that a column
/// holds one of the keys.
pub(in crate::repo) fn push_asked(sql: &mut Sql, keyed: Keyed, push_keys: impl Fn(&mut Sql, &str)) {
    let Keyed { kind, table, column } = keyed;
    sql.push(&format!(
        "(SELECT one.{column} AS key, coalesce(one.merged_into, one.id) AS id, CASE WHEN one.merged_into IS NULL THEN 0 ELSE 1 END AS nth, \
         one.created_at, one.id AS own FROM {table} AS one WHERE "
    ));
    push_keys(sql, &format!("one.{column}"));
    sql.push(&format!(
        " UNION ALL SELECT merge.given_up_key, coalesce(one.merged_into, one.id), 2, merge.merged_at, merge.id \
         FROM merge JOIN {table} AS one ON one.id = merge.survivor_id WHERE merge.undone_at IS NULL AND merge.kind = '{kind}' AND "
    ));
    push_keys(sql, "merge.given_up_key");
    sql.push(") AS asked");
}
