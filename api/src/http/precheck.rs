//! Decides whether a document is run at all, before the executor sees it.
//!
//! The executor's own limits come too late: some of its rules walk spread fragments, whose number doubles with each link of a
//! chain. So a document is lexed, parsed once, measured once and handed on parsed.

use async_graphql::{
    Name, Positioned, Variables,
    parser::{
        Error as ParseError,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};

use super::{
    fault::{Code, Fault},
    lexer,
    measure::{Measure, Totals},
    variables::{Given, check_required, check_values},
};
use crate::limits::Limits;

/// Whether the caller may read the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Introspection {
    /// `__schema` and `__type` are answered.
    Allowed,
    /// `__schema` and `__type` are refused.
    Refused,
}

/// A document that may run.
#[derive(Debug)]
pub struct Prechecked {
    /// The parsed document, for [`async_graphql::Request::set_parsed_query`].
    pub document: ExecutableDocument,
    /// The kind of the operation that was chosen.
    pub kind: OperationType,
    /// The name of the operation that was chosen.
    pub operation_name: Option<String>,
    /// Its cost in points, at most `i32::MAX`.
    pub cost: u64,
    /// The selections that were looked at to know all this.
    pub steps: u64,
}

/// Lexes, parses and measures a document, and checks its variables.
///
/// Every operation of the document is held to the limits, since the executor validates them all.
pub fn precheck(
    query: &str,
    operation_name: Option<&str>,
    variables: &Variables,
    limits: &Limits,
    introspection: Introspection,
) -> Result<Prechecked, Fault> {
    if query.len() > limits.document_bytes_max {
        let message = format!("the document has more than {} bytes", limits.document_bytes_max);
        return Err(Fault::new(Code::DocumentTooLarge, message));
    }
    lexer::check(query, limits)?;
    let document = async_graphql::parser::parse_query(query).map_err(|error| unparsed(&error))?;
    let (operation_name, chosen) = choose(&document.operations, operation_name)?;
    let kind = chosen.node.ty;
    check_required(&chosen.node, variables)?;
    check_values(variables, limits)?;

    let given = Given { values: variables, definitions: &chosen.node.variable_definitions };
    let mut measure = Measure::new(&document, given, limits);
    let totals = measure_all(&mut measure, &document, chosen, limits, introspection)?;
    let steps = measure.steps();
    let cost = totals.cost().min(u64::from(i32::MAX.unsigned_abs()));
    Ok(Prechecked { document, kind, operation_name, cost, steps })
}

fn measure_all<'a>(
    measure: &mut Measure<'a>,
    document: &'a ExecutableDocument,
    chosen: &'a Positioned<OperationDefinition>,
    limits: &Limits,
    introspection: Introspection,
) -> Result<Totals, Fault> {
    let totals = check_operation(measure, chosen, limits, introspection)?;
    let mut expanded = totals.expanded;
    for (_, operation) in document.operations.iter() {
        if !std::ptr::eq(operation, chosen) {
            let other = check_operation(measure, operation, limits, introspection)?;
            expanded = expanded.saturating_add(other.expanded);
        }
    }
    for name in document.fragments.keys() {
        measure.fragment(name, 0)?;
    }
    at_most(Code::TooManySelections, expanded, limits.expanded_selections_max, "selections after spreading fragments")?;
    at_most(Code::TooComplex, totals.cost(), limits.complexity_max, "points of cost")?;
    Ok(totals)
}

fn check_operation<'a>(
    measure: &mut Measure<'a>,
    operation: &'a Positioned<OperationDefinition>,
    limits: &Limits,
    introspection: Introspection,
) -> Result<Totals, Fault> {
    let node = &operation.node;
    measure.directives(&node.directives)?;
    for definition in &node.variable_definitions {
        measure.directives(&definition.node.directives)?;
    }
    let totals = measure.selections(&node.selection_set.node, 0)?;
    if introspection == Introspection::Refused && totals.introspection_depth > 0 {
        return Err(Fault::new(Code::IntrospectionDisabled, "the schema is shown to signed-in users only"));
    }
    at_most(Code::TooManySelections, totals.expanded, limits.expanded_selections_max, "selections after spreading fragments")?;
    at_most(Code::TooDeep, totals.depth, limits.depth_max, "levels of fields")?;
    at_most(Code::TooDeep, totals.introspection_depth, limits.introspection_depth_max, "levels of introspection")?;
    at_most(Code::TooManyAliases, totals.aliases, limits.aliases_max, "aliases")?;
    match node.ty {
        OperationType::Query => at_most(Code::TooManyRootFields, totals.roots, limits.root_fields_max, "root fields")?,
        OperationType::Mutation => {
            at_most(Code::TooManyRootFields, totals.roots, limits.mutation_root_fields_max, "root fields of a mutation")?;
        }
        OperationType::Subscription if totals.roots != 1 => {
            let fault = Fault::new(Code::ValidationFailed, "a subscription has exactly one root field");
            return Err(fault.at(operation.pos));
        }
        OperationType::Subscription => {}
    }
    Ok(totals)
}

fn at_most(code: Code, found: u64, limit: u64, what: &str) -> Result<(), Fault> {
    if found > limit {
        return Err(Fault::new(code, format!("the document has {found} {what}, at most {limit} are allowed")));
    }
    Ok(())
}

/// Finds the operation to run (GraphQL specification, section 6.1).
fn choose<'a>(
    operations: &'a DocumentOperations,
    wanted: Option<&str>,
) -> Result<(Option<String>, &'a Positioned<OperationDefinition>), Fault> {
    let mut found = operations.iter().filter(|(name, _)| wanted.is_none() || name.map(Name::as_str) == wanted);
    let Some((name, operation)) = found.next() else {
        return Err(Fault::new(Code::OperationNotFound, "the document has no operation of that name"));
    };
    if found.next().is_some() {
        return Err(Fault::new(Code::OperationNotFound, "the document has several operations: give operationName"));
    }
    Ok((name.map(ToString::to_string), operation))
}

/// Tells a fault of grammar without the excerpt that the parser prints: it may hold personal data and has no limit.
fn unparsed(error: &ParseError) -> Fault {
    let message = match error {
        ParseError::Syntax { message, .. } => {
            let expected = message.rsplit_once("= ").map_or("unexpected text", |(_, expected)| expected.trim());
            format!("syntax error: {expected}")
        }
        ParseError::MissingOperation => "the document has no operation".to_owned(),
        ParseError::MultipleOperations { .. } => "an anonymous operation must be the only one".to_owned(),
        ParseError::OperationDuplicated { .. } => "two operations have the same name".to_owned(),
        ParseError::FragmentDuplicated { .. } => "two fragments have the same name".to_owned(),
        ParseError::RecursionLimitExceeded => "the document nests too deep".to_owned(),
        _ => "the document is not valid GraphQL".to_owned(),
    };
    let fault = Fault::new(Code::ParseFailed, message);
    match error.positions().next() {
        Some(position) => fault.at(position),
        None => fault,
    }
}
