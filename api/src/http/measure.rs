//! Measures a document: depth, aliases, selections after spreading, and cost in points.
//!
//! Each fragment is measured once and remembered, so a chain of fragments that each spread the next one twice costs as many
//! steps as it has selections. All sums saturate.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, ExecutableDocument, Field, FragmentSpread, Selection, SelectionSet},
};

use super::{
    fault::{Code, Fault},
    variables::{Given, check_literal},
};
use crate::limits::{Limits, PAGE_LIKE_LISTS, SHORT_LIST, SHORT_LISTS};

/// What a set of selections amounts to once its fragments are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Levels of fields, without those below `__schema` and `__type`.
    pub depth: u64,
    /// Levels of fields below and with `__schema` or `__type`.
    pub introspection_depth: u64,
    /// Lists of the schema inside each other, if this stood below `__schema` or `__type`.
    pub introspection_lists: u64,
    /// Fields with an alias.
    pub aliases: u64,
    /// Fields at the top of this set.
    pub roots: u64,
    /// Selections of every kind.
    pub expanded: u64,
    /// Points of what a connection has once.
    pub once: u64,
    /// Points of what a connection has per entry: `nodes` and `edges`.
    pub listed: u64,
    /// Whether a field was seen that only connections have.
    pub is_connection: bool,
}

impl Totals {
    /// Points of the set itself.
    pub const fn cost(&self) -> u64 {
        self.once.saturating_add(self.listed)
    }

    /// Adds what stands beside.
    pub fn join(&mut self, other: &Self) {
        self.depth = self.depth.max(other.depth);
        self.introspection_depth = self.introspection_depth.max(other.introspection_depth);
        self.introspection_lists = self.introspection_lists.max(other.introspection_lists);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.roots = self.roots.saturating_add(other.roots);
        self.expanded = self.expanded.saturating_add(other.expanded);
        self.once = self.once.saturating_add(other.once);
        self.listed = self.listed.saturating_add(other.listed);
        self.is_connection |= other.is_connection;
    }
}

enum Seen {
    /// It is being measured further up: meeting it again is a circle.
    Open,
    Measured(Totals),
}

/// Measures sets of selections of one document.
pub struct Measure<'a> {
    document: &'a ExecutableDocument,
    given: Given<'a>,
    limits: &'a Limits,
    fragments: HashMap<&'a str, Seen>,
    steps: u64,
}

impl<'a> Measure<'a> {
    /// Starts with nothing remembered.
    pub fn new(document: &'a ExecutableDocument, given: Given<'a>, limits: &'a Limits) -> Self {
        Self { document, given, limits, fragments: HashMap::new(), steps: 0 }
    }

    /// The selections that were looked at so far.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// Measures a set and all below it; `level` is how many sets enclose it.
    pub fn selections(&mut self, set: &'a SelectionSet, level: usize) -> Result<Totals, Fault> {
        if level > self.limits.nesting_max {
            let message = format!("selections and fragments nest deeper than {} levels", self.limits.nesting_max);
            return Err(Fault::new(Code::TooDeep, message));
        }
        let mut totals = Totals::default();
        for selection in &set.items {
            self.steps = self.steps.saturating_add(1);
            self.directives(selection.node.directives())?;
            let mut part = match &selection.node {
                Selection::Field(field) => self.field(field, level)?,
                Selection::InlineFragment(inline) => self.selections(&inline.node.selection_set.node, level.saturating_add(1))?,
                Selection::FragmentSpread(spread) => self.spread(spread, level)?,
            };
            part.expanded = part.expanded.saturating_add(1);
            totals.join(&part);
        }
        Ok(totals)
    }

    /// Measures a fragment by its name, once.
    pub fn fragment(&mut self, name: &'a Name, level: usize) -> Result<Totals, Fault> {
        match self.fragments.get(name.as_str()) {
            Some(Seen::Measured(totals)) => return Ok(*totals),
            Some(Seen::Open) => {
                return Err(Fault::new(Code::ValidationFailed, format!("fragment `{}` spreads itself", shown(name))));
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Err(Fault::new(Code::ValidationFailed, format!("unknown fragment `{}`", shown(name))));
        };
        self.fragments.insert(name, Seen::Open);
        self.directives(&fragment.node.directives)?;
        let totals = self.selections(&fragment.node.selection_set.node, level.saturating_add(1))?;
        self.fragments.insert(name, Seen::Measured(totals));
        Ok(totals)
    }

    /// Refuses too many directives in one place.
    pub fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), Fault> {
        if directives.len() > self.limits.directives_per_field_max {
            let message = format!("more than {} directives in one place", self.limits.directives_per_field_max);
            let fault = Fault::new(Code::TooManyDirectives, message);
            return Err(directives.first().map_or(fault.clone(), |first| fault.at(first.pos)));
        }
        let mut arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        arguments.try_for_each(|(_, value)| check_literal(&value.node, self.limits))
    }

    fn spread(&mut self, spread: &'a Positioned<FragmentSpread>, level: usize) -> Result<Totals, Fault> {
        self.fragment(&spread.node.fragment_name.node, level).map_err(|fault| match fault.at {
            None => fault.at(spread.node.fragment_name.pos),
            Some(_) => fault,
        })
    }

    fn field(&mut self, field: &'a Positioned<Field>, level: usize) -> Result<Totals, Fault> {
        let node = &field.node;
        for (_, value) in &node.arguments {
            check_literal(&value.node, self.limits).map_err(|fault| fault.at(value.pos))?;
        }
        let inner = self.selections(&node.selection_set.node, level.saturating_add(1))?;
        let points = self.points(field, &inner)?;
        let name = node.name.node.as_str();
        let is_introspection = matches!(name, "__schema" | "__type");
        if is_introspection && inner.introspection_lists > self.limits.introspection_lists_max {
            return Err(Fault::new(Code::TooDeep, "lists of the schema nest too deep").at(field.pos));
        }
        let is_schema_list = matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes");
        let is_listed = matches!(name, "nodes" | "edges");
        Ok(Totals {
            depth: if is_introspection { 0 } else { inner.depth.saturating_add(1) },
            introspection_depth: match (is_introspection, inner.introspection_depth) {
                (true, _) => inner.depth.saturating_add(1),
                (false, 0) => 0,
                (false, below) => below.saturating_add(1),
            },
            introspection_lists: inner.introspection_lists.saturating_add(u64::from(is_schema_list)),
            aliases: inner.aliases.saturating_add(u64::from(node.alias.is_some())),
            roots: 1,
            expanded: inner.expanded,
            once: if is_listed { 0 } else { points },
            listed: if is_listed { points } else { 0 },
            is_connection: is_listed || matches!(name, "pageInfo" | "totalCount"),
        })
    }

    /// A connection costs 2, what it has once, and its entries times the page; a list by ids 1 and its entries; a list that leads back to what it
    /// hangs on 1 and its entries times a usual page or a few; any other field 1 and what is below it; `__schema` what it is worth for a whole schema.
    fn points(&self, field: &Positioned<Field>, inner: &Totals) -> Result<u64, Fault> {
        let page = self.page(field)?;
        if inner.expanded == 0 {
            return Ok(1);
        }
        if field.node.name.node == "__schema" {
            return Ok(inner.cost().saturating_mul(self.limits.introspection_factor).saturating_add(1));
        }
        if page.is_some() || inner.is_connection {
            let page = page.unwrap_or(self.limits.page_default);
            let (once, entry) = if inner.is_connection { (inner.once, inner.listed) } else { (0, inner.cost()) };
            return Ok(entry.saturating_mul(page).saturating_add(once).saturating_add(2));
        }
        let entries = field.node.arguments.iter().filter_map(|(_, value)| self.given.entries(&value.node)).max();
        let name = field.node.name.node.as_str();
        let usual = match (PAGE_LIKE_LISTS.contains(&name), SHORT_LISTS.contains(&name)) {
            (true, _) => self.limits.page_default,
            (false, true) => SHORT_LIST,
            (false, false) => 1,
        };
        Ok(inner.cost().saturating_mul(entries.unwrap_or(usual)).saturating_add(1))
    }

    fn page(&self, field: &Positioned<Field>) -> Result<Option<u64>, Fault> {
        let mut page = None;
        for (name, value) in &field.node.arguments {
            if !matches!(name.node.as_str(), "first" | "last") {
                continue;
            }
            let asked = self.given.number(&value.node).unwrap_or(self.limits.page_default);
            if asked > self.limits.page_max {
                let message = format!("a page has at most {} entries", self.limits.page_max);
                return Err(Fault::new(Code::PageTooLarge, message).at(value.pos));
            }
            page = page.max(Some(asked));
        }
        Ok(page)
    }
}

/// A name as it may stand in a message: names have no limit of their own.
fn shown(name: &Name) -> &str {
    name.get(..64).unwrap_or(name)
}
