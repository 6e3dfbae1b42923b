//! Reads the parameters of a request: `query`, `documentId`, `operationName`, `variables`, `extensions`.

use actix_web::web::Bytes;
use async_graphql::Variables;
use serde_json::{Map, Value};

use super::{
    config::TrustedDocuments,
    fault::{Code, Fault},
};

/// The parameters of one request, each of the right type (GraphQL over HTTP, section 5.1).
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// The document.
    pub query: Option<String>,
    /// The id of a trusted document, instead of the document.
    pub document_id: Option<String>,
    /// The operation to run when the document has several.
    pub operation_name: Option<String>,
    /// The variables.
    pub variables: Variables,
}

impl Params {
    /// Reads a JSON body.
    pub fn from_body(body: &Bytes) -> Result<Self, Fault> {
        let value = serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            bad(format!("the body is not JSON: line {line}, column {column}"))
        })?;
        Self::from_value(value)
    }

    /// Reads a JSON value.
    pub fn from_value(value: Value) -> Result<Self, Fault> {
        match value {
            Value::Object(fields) => Self::from_fields(fields),
            Value::Array(_) => Err(Fault::new(Code::BatchingUnsupported, "one request holds one operation")),
            _ => Err(bad("the body must be a JSON object")),
        }
    }

    /// Reads the query of an address; `variables` and `extensions` are JSON inside it.
    pub fn from_address(query: &str) -> Result<Self, Fault> {
        let pairs = serde_urlencoded_pairs(query)?;
        let mut fields = Map::new();
        for (name, value) in pairs {
            let value = match name.as_str() {
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&value).map_err(|_| bad(format!("`{name}` is not JSON")))?,
                _ => Value::String(value),
            };
            if fields.insert(name, value).is_some() {
                return Err(bad("a parameter is given twice"));
            }
        }
        Self::from_fields(fields)
    }

    fn from_fields(mut fields: Map<String, Value>) -> Result<Self, Fault> {
        let query = text(&mut fields, "query")?;
        let document_id = text(&mut fields, "documentId")?;
        let operation_name = text(&mut fields, "operationName")?.filter(|name| !name.is_empty());
        let variables = object(&mut fields, "variables")?;
        object(&mut fields, "extensions")?;
        if query.is_some() == document_id.is_some() {
            return Err(bad("exactly one of `query` and `documentId` is needed"));
        }
        let variables = Variables::from_json(Value::Object(variables));
        Ok(Self { query, document_id, operation_name, variables })
    }

    /// The document to run: the one that was sent, or the trusted one of that id.
    pub fn document<'a>(&'a self, trusted: &'a TrustedDocuments) -> Result<&'a str, Fault> {
        match (&self.document_id, trusted) {
            (None, TrustedDocuments::Off | TrustedDocuments::Accept(_)) => Ok(self.query.as_deref().unwrap_or_default()),
            (None, TrustedDocuments::Only(_)) => {
                Err(Fault::new(Code::DocumentNotTrusted, "only trusted documents are run here: give documentId"))
            }
            (Some(id), TrustedDocuments::Accept(documents) | TrustedDocuments::Only(documents)) => documents
                .get(id)
                .map(String::as_str)
                .ok_or_else(|| Fault::new(Code::DocumentNotFound, "no trusted document has that id")),
            (Some(_), TrustedDocuments::Off) => Err(Fault::new(Code::DocumentNotFound, "trusted documents are not in use here")),
        }
    }
}

fn serde_urlencoded_pairs(query: &str) -> Result<Vec<(String, String)>, Fault> {
    actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
        .map(actix_web::web::Query::into_inner)
        .map_err(|_| bad("the address cannot be read"))
}

fn text(fields: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, Fault> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(bad(format!("`{name}` must be a string"))),
    }
}

fn object(fields: &mut Map<String, Value>, name: &'static str) -> Result<Map<String, Value>, Fault> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(bad(format!("`{name}` must be an object"))),
    }
}

fn bad(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(Code::BadRequest, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_of_a_wrong_type_are_refused() {
        for (value, code) in [
            (json!([{"query": "{a}"}]), Code::BatchingUnsupported),
            (json!("x"), Code::BadRequest),
            (json!({}), Code::BadRequest),
            (json!({"query": 1}), Code::BadRequest),
            (json!({"query": "{a}", "documentId": "d"}), Code::BadRequest),
            (json!({"query": "{a}", "operationName": {}}), Code::BadRequest),
            (json!({"query": "{a}", "variables": []}), Code::BadRequest),
            (json!({"query": "{a}", "extensions": "x"}), Code::BadRequest),
        ] {
            assert_eq!(Params::from_value(value.clone()).unwrap_err().code, code, "{value}");
        }
        let null = json!({"query": "{a}", "operationName": null, "variables": null, "extensions": null});
        assert_eq!(Params::from_value(null).unwrap().query.as_deref(), Some("{a}"));
    }

    #[test]
    fn the_address_carries_variables_as_json() {
        let params = Params::from_address("query=%7Ba%7D&variables=%7B%22n%22%3A1%7D&operationName=Q").unwrap();
        assert_eq!(params.variables.len(), 1);
        assert_eq!(params.operation_name.as_deref(), Some("Q"));
        assert!(Params::from_address("query=%7Ba%7D&variables=x").is_err());
        assert!(Params::from_address("query=%7Ba%7D&query=%7Bb%7D").is_err());
    }

    #[test]
    fn trusted_documents_are_found_by_their_id() {
        let documents = std::collections::HashMap::from([("d1".to_owned(), "{ a }".to_owned())]);
        let by_id = |id: &str| Params::from_value(json!({"documentId": id})).unwrap();
        let by_text = Params::from_value(json!({"query": "{ b }"})).unwrap();
        let only = TrustedDocuments::Only(documents.clone());
        assert_eq!(by_id("d1").document(&only).unwrap(), "{ a }");
        assert_eq!(by_id("d2").document(&only).unwrap_err().code, Code::DocumentNotFound);
        assert_eq!(by_text.document(&only).unwrap_err().code, Code::DocumentNotTrusted);
        assert_eq!(by_text.document(&TrustedDocuments::Accept(documents)).unwrap(), "{ b }");
        assert_eq!(by_id("d1").document(&TrustedDocuments::Off).unwrap_err().code, Code::DocumentNotFound);
    }
}
