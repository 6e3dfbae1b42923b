//! Reads numbers and lists out of arguments and variables, and checks that what an operation requires was sent.

use async_graphql::{
    Name, Positioned, Value as ConstValue, Variables,
    parser::types::{OperationDefinition, VariableDefinition},
};
use async_graphql_value::Value;

use super::fault::{Code, Fault};
use crate::limits::{Limits, wide};

/// The variables of one request beside their definitions in the operation that runs.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// What the client sent.
    pub values: &'a Variables,
    /// What the operation defines.
    pub definitions: &'a [Positioned<VariableDefinition>],
}

impl<'a> Given<'a> {
    /// The value of a variable: what was sent, else the default of its definition.
    fn value(self, name: &Name) -> Option<&'a ConstValue> {
        self.values.get(name).or_else(|| {
            let definition = self.definitions.iter().find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value.as_ref().map(|value| &value.node)
        })
    }

    /// The number that an argument holds; none when it is absent, null or no number.
    pub fn number(self, value: &Value) -> Option<u64> {
        match value {
            Value::Number(number) => Some(number.as_u64().unwrap_or(0)),
            Value::Variable(name) => match self.value(name)? {
                ConstValue::Number(number) => Some(number.as_u64().unwrap_or(0)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number of entries when an argument holds a list.
    pub fn entries(self, value: &Value) -> Option<u64> {
        match value {
            Value::List(list) => Some(wide(list.len())),
            Value::Variable(name) => match self.value(name)? {
                ConstValue::List(list) => Some(wide(list.len())),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Refuses a list in a literal that is longer than the limit.
pub fn check_literal(value: &Value, limits: &Limits) -> Result<(), Fault> {
    match value {
        Value::List(list) => {
            check_length(list.len(), limits)?;
            list.iter().try_for_each(|entry| check_literal(entry, limits))
        }
        Value::Object(fields) => fields.values().try_for_each(|field| check_literal(field, limits)),
        _ => Ok(()),
    }
}

/// Refuses a list in the variables that is longer than the limit.
pub fn check_values(values: &Variables, limits: &Limits) -> Result<(), Fault> {
    values.values().try_for_each(|value| check_value(value, limits))
}

fn check_value(value: &ConstValue, limits: &Limits) -> Result<(), Fault> {
    match value {
        ConstValue::List(list) => {
            check_length(list.len(), limits)?;
            list.iter().try_for_each(|entry| check_value(entry, limits))
        }
        ConstValue::Object(fields) => fields.values().try_for_each(|field| check_value(field, limits)),
        _ => Ok(()),
    }
}

fn check_length(length: usize, limits: &Limits) -> Result<(), Fault> {
    if length > limits.list_max {
        let message = format!("a list has {length} entries, at most {} are allowed", limits.list_max);
        return Err(Fault::new(Code::ListTooLong, message));
    }
    Ok(())
}

/// Refuses an operation whose required variables were not sent (GraphQL specification, section 6.1.2).
///
/// The executor would let a missing required variable pass where the argument it feeds is nullable.
pub fn check_required(operation: &OperationDefinition, values: &Variables) -> Result<(), Fault> {
    for definition in &operation.variable_definitions {
        let variable = &definition.node;
        if variable.var_type.node.nullable {
            continue;
        }
        let missing = match values.get(&variable.name.node) {
            Some(ConstValue::Null) => true,
            Some(_) => false,
            None => variable.default_value.is_none(),
        };
        if missing {
            let message = format!(
                "variable `${}` of type `{}` is required and was not given a value",
                variable.name.node, variable.var_type.node
            );
            return Err(Fault::new(Code::ValidationFailed, message).at(definition.pos));
        }
    }
    Ok(())
}
