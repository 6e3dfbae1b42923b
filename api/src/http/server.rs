//! Puts the handlers on their addresses and starts the server.

use std::{io, net::TcpListener};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self, ServiceConfig},
};
use async_graphql::Executor;
use tokio_util::sync::CancellationToken;

use super::{
    config::TransportConfig,
    consent,
    edge::edge,
    graphiql, graphql, health,
    seam::{Authenticate, Readiness},
    socket, sse,
    transport::Transport,
};

/// Builds the server on a listener that is already bound (port 0 serves tests). Await the answer to serve.
///
/// It runs until `config.shutdown` is cancelled; it takes no signals by itself, see [`until_signal`]. Call it inside a tokio
/// runtime.
pub fn build<E: Executor, A: Authenticate>(
    listener: TcpListener,
    config: TransportConfig,
    executor: E,
    authenticate: A,
    readiness: Readiness,
) -> io::Result<Server> {
    let (shutdown, grace_s, workers) = (config.shutdown.clone(), config.shutdown_grace_s, config.workers);
    let transport = web::Data::new(Transport::new(config, executor, authenticate, readiness));
    let server = HttpServer::new(move || {
        let transport = transport.clone();
        App::new().configure(move |services| routes(services, transport)).wrap(from_fn(edge))
    });
    let workers = match workers {
        Some(workers) => workers.get(),
        None => std::thread::available_parallelism()?.get(),
    };
    let server = server.workers(workers).tcp_nodelay(true).shutdown_timeout(grace_s).shutdown_signal(shutdown.cancelled_owned());
    Ok(server.listen(listener)?.run())
}

/// Names every address of the API.
pub fn routes<E: Executor, A: Authenticate>(services: &mut ServiceConfig, transport: web::Data<Transport<E, A>>) {
    services
        .app_data(web::Data::new(transport.origins.clone()))
        .app_data(transport)
        .service(
            web::resource("/graphql")
                .route(web::get().to(graphql::get::<E, A>))
                .route(web::post().to(graphql::post::<E, A>))
                .default_service(web::to(graphql::other::<E, A>)),
        )
        .route("/graphql/ws", web::get().to(socket::upgrade::<E, A>))
        .service(
            web::resource("/graphql/stream")
                .route(web::get().to(sse::get::<E, A>))
                .route(web::post().to(sse::post::<E, A>))
                .default_service(web::to(graphql::other::<E, A>)),
        )
        .service(
            web::resource("/consent/confirm")
                .app_data(web::PayloadConfig::new(consent::BODY_BYTES_MAX))
                .route(web::get().to(consent::confirm_page::<E, A>))
                .route(web::head().to(consent::confirm_page::<E, A>))
                .route(web::post().to(consent::confirm::<E, A>))
                .default_service(web::to(consent::other::<E, A>)),
        )
        .service(
            web::resource("/consent/withdraw")
                .app_data(web::PayloadConfig::new(consent::BODY_BYTES_MAX))
                .route(web::get().to(consent::withdraw_page::<E, A>))
                .route(web::head().to(consent::withdraw_page::<E, A>))
                .route(web::post().to(consent::withdraw::<E, A>))
                .default_service(web::to(consent::other::<E, A>)),
        )
        .route("/graphiql", web::get().to(graphiql::page::<E, A>))
        .route("/graphiql/{file}", web::get().to(graphiql::file::<E, A>))
        .route("/healthz", web::get().to(health::healthz))
        .route("/healthz", web::head().to(health::healthz))
        .route("/readyz", web::get().to(health::readyz::<E, A>))
        .route("/readyz", web::head().to(health::readyz::<E, A>))
        .route("/metrics", web::get().to(health::metrics::<E, A>))
        .route("/", web::get().to(health::root::<E, A>))
        .default_service(web::to(health::not_found::<E, A>));
}

/// Waits for SIGINT or SIGTERM and then cancels `shutdown`.
pub async fn until_signal(shutdown: CancellationToken) -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    shutdown.cancel();
    Ok(())
}
