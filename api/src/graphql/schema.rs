//! The schema as a whole, and what carries out its operations.

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::{Data, Executor, Request, Response, SDLExportOptions, Schema, SchemaBuilder};
use futures_util::stream::BoxStream;

use crate::app::App;
use crate::auth::session::Viewer;
use crate::limits::Limits;
use crate::seam::RequestMeta;

use super::caller::Acting;
use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscription;

/// The schema of the API.
pub type AppSchema = Schema<Query, Mutation, Subscription>;

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
}

/// The schema over these use cases.
pub fn build(app: App, limits: Limits) -> AppSchema {
    builder().data(app).data(limits).finish()
}

/// The schema as text, sorted, so that two versions can be compared line by line.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

/// Carries out operations: gives each the caller and loaders of its own.
#[derive(Clone)]
pub struct Api {
    schema: AppSchema,
    app: App,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Api")
    }
}

impl Api {
    /// The API over these use cases.
    pub fn new(app: App, limits: Limits) -> Self {
        Self { schema: build(app.clone(), limits), app }
    }

    /// The schema.
    pub const fn schema(&self) -> &AppSchema {
        &self.schema
    }

    /// The request with who calls, as far as somebody is signed in.
    fn equip(&self, request: Request) -> Request {
        let acting = found::<Option<Viewer>>(&request.data)
            .and_then(Option::as_ref)
            .map(|viewer| Acting::new(&self.app, viewer, found::<RequestMeta>(&request.data)));
        match acting {
            Some(acting) => request.data(acting),
            None => request,
        }
    }
}

fn found<T: 'static>(data: &Data) -> Option<&T> {
    data.get(&TypeId::of::<T>())?.downcast_ref()
}

impl Executor for Api {
    async fn execute(&self, request: Request) -> Response {
        self.schema.execute(self.equip(request)).await
    }

    fn execute_stream(&self, request: Request, session_data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        Executor::execute_stream(&self.schema, self.equip(request), session_data)
    }
}
