//! `/graphiql`: an editor for newcomers, from files in the binary; nothing is fetched from elsewhere.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    web,
};
use async_graphql::Executor;

use super::{
    accept::Media,
    config::Graphiql,
    fault::{Code, Fault},
    seam::Authenticate,
    transport::Transport,
};

const PAGE: &str = include_str!("../../assets/graphiql/index.html");

/// Scripts of our own only. Styles may stand in the page because the editor writes some itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files behind the page: name, media type, bytes.
const FILES: [(&str, &str, &[u8]); 8] = [
    ("app.js", JAVASCRIPT, include_bytes!("../../assets/graphiql/app.js")),
    ("app.css", CSS, include_bytes!("../../assets/graphiql/app.css")),
    ("graphiql.min.js", JAVASCRIPT, include_bytes!("../../assets/graphiql/graphiql.min.js")),
    ("graphiql.min.css", CSS, include_bytes!("../../assets/graphiql/graphiql.min.css")),
    ("react.min.js", JAVASCRIPT, include_bytes!("../../assets/graphiql/react.min.js")),
    ("react-dom.min.js", JAVASCRIPT, include_bytes!("../../assets/graphiql/react-dom.min.js")),
    ("graphql-ws.min.js", JAVASCRIPT, include_bytes!("../../assets/graphiql/graphql-ws.min.js")),
    ("LICENSES.txt", "text/plain; charset=utf-8", include_bytes!("../../assets/graphiql/LICENSES.txt")),
];

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// The page.
pub async fn page<E: Executor, A: Authenticate>(transport: web::Data<Transport<E, A>>) -> HttpResponse {
    match transport.graphiql {
        Graphiql::On => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((REFERRER_POLICY, "no-referrer"))
            .insert_header((CACHE_CONTROL, "no-cache"))
            .body(PAGE),
        Graphiql::Off => absent(&transport),
    }
}

/// One of its files.
pub async fn file<E: Executor, A: Authenticate>(name: web::Path<String>, transport: web::Data<Transport<E, A>>) -> HttpResponse {
    let found = FILES.iter().find(|(file, ..)| *file == name.as_str());
    match (transport.graphiql, found) {
        (Graphiql::On, Some((_, media, bytes))) => {
            HttpResponse::Ok().content_type(*media).insert_header((CACHE_CONTROL, "public, max-age=3600")).body(*bytes)
        }
        (Graphiql::On, None) | (Graphiql::Off, _) => absent(&transport),
    }
}

fn absent<E: Executor, A: Authenticate>(transport: &Transport<E, A>) -> HttpResponse {
    transport.respond(Media::Json, Fault::new(Code::NotFound, "there is nothing here"))
}
