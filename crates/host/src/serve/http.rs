//! The same over streamable HTTP: one address, `/mcp`. Only this computer is listened to, unless whoever
//! starts the server gives a token. What browsers send across origins is refused.

use super::program::Program;
use super::protocol::Handler;
use super::{Offer, Refusal};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Largest message of a client, in bytes.
const BODY_BYTES_MAX: usize = 16 << 20;
/// Most connections at a time; others wait.
const CONNECTIONS_MAX: usize = 64;
/// How long a client may take to send its headers.
const HEADERS: Duration = Duration::from_secs(30);

/// Where to listen, and to whom.
#[derive(Clone, Debug)]
pub struct Address {
    /// The socket. Port 0 takes a free one.
    pub socket: SocketAddr,
    /// What clients must show as `Authorization: Bearer TOKEN`.
    pub token: Option<String>,
    /// Names besides those of this computer under which it is reached.
    pub hosts: Vec<String>,
    /// Origins of web pages that may use it.
    pub origins: Vec<String>,
}

impl Address {
    /// # Errors
    /// When it would be open to everybody.
    pub fn check(&self) -> Result<(), Refusal> {
        match self.socket.ip().is_loopback() || self.token.is_some() {
            true => Ok(()),
            false => Err(format!("{} is reached from other computers: a token is needed (--token-file FILE)", self.socket)),
        }
    }
}

/// Serves until the process is ended. `ready` hears the address once it is listened to.
///
/// # Errors
/// When the address cannot be used, or would be open to everybody.
pub fn listen(offer: Offer, address: &Address, ready: impl FnOnce(SocketAddr)) -> Result<(), Refusal> {
    address.check()?;
    match offer.program {
        Some(_) => listen_with(Program::new(offer)?, address, ready),
        None => listen_with(Handler::new(offer)?, address, ready),
    }
}

fn listen_with<H: ServerHandler + Clone>(handler: H, address: &Address, ready: impl FnOnce(SocketAddr)) -> Result<(), Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let at = |error: std::io::Error| format!("{}: {error}", address.socket);
        let listener = TcpListener::bind(address.socket).await.map_err(at)?;
        ready(listener.local_addr().map_err(at)?);
        accept(listener, Arc::new(Door::new(handler, address))).await
    })
}

async fn accept<H: ServerHandler>(listener: TcpListener, door: Arc<Door<H>>) -> Result<(), Refusal> {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = places.clone().acquire_owned().await.map_err(|error| error.to_string())?;
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                // Out of descriptors, or the client left at once: neither is a reason to end.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let door = door.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let door = door.clone();
                async move { Ok::<_, Infallible>(door.answer(request).await) }
            });
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEADERS);
            // A client that breaks off has said so to itself.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}

type Answer = Response<BoxBody<Bytes, Infallible>>;

/// What stands before the protocol: path and token.
struct Door<H: ServerHandler> {
    service: StreamableHttpService<H, LocalSessionManager>,
    token: Option<[u8; 32]>,
}

impl<H: ServerHandler> Door<H> {
    fn new(handler: H, address: &Address) -> Door<H>
    where
        H: Clone,
    {
        let mut config = StreamableHttpServerConfig::default().with_max_request_body_bytes(BODY_BYTES_MAX).enforce_origin_validation();
        let own = ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"].map(String::from);
        config = config.with_allowed_origins(own.into_iter().chain(address.origins.iter().cloned()));
        let local = ["localhost", "127.0.0.1", "::1"].map(String::from);
        config = config.with_allowed_hosts(local.into_iter().chain(address.hosts.iter().cloned()));
        let make = move || Ok(handler.clone());
        Door { service: StreamableHttpService::new(make, Arc::default(), config), token: address.token.as_deref().map(digest) }
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        if let Some(token) = &self.token {
            let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
            // Digests, so that the time tells nothing about the token.
            if shown.map(digest) != Some(*token) {
                let mut answer = plain(StatusCode::UNAUTHORIZED, "show the server's token: Authorization: Bearer TOKEN");
                answer.headers_mut().insert(WWW_AUTHENTICATE, hyper::header::HeaderValue::from_static("Bearer"));
                return answer;
            }
        }
        match request.uri().path() {
            "/mcp" => self.service.handle(request).await,
            _ => plain(StatusCode::NOT_FOUND, "the server is at /mcp"),
        }
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(text.as_bytes())).boxed());
    *answer.status_mut() = status;
    answer
}
