//! The same over streamable HTTP at `/mcp`, and the model in the formats of model endpoints at `/v1`. Only
//! this computer is listened to, unless whoever starts the server gives a token. What browsers send across
//! origins is refused.

use super::desk::{Desk, Piece};
use super::program::Program;
use super::protocol::Handler;
use super::{Offer, Refusal};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;

/// Largest message of a client, in bytes.
const BODY_BYTES_MAX: usize = 16 << 20;
/// Largest request to the model, in bytes.
const QUESTION_BYTES_MAX: usize = 1 << 20;
/// Most connections at a time; others wait.
const CONNECTIONS_MAX: usize = 64;
/// How long a client may take to send its headers, and a request to the model.
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
    let desk = Desk::new(&offer.model, offer.seconds)?;
    match offer.program {
        Some(_) => listen_with(Program::new(offer)?, desk, address, ready),
        None => listen_with(Handler::new(offer)?, desk, address, ready),
    }
}

fn listen_with<H: ServerHandler + Clone>(handler: H, desk: Desk, address: &Address, ready: impl FnOnce(SocketAddr)) -> Result<(), Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let at = |error: std::io::Error| format!("{}: {error}", address.socket);
        let listener = TcpListener::bind(address.socket).await.map_err(at)?;
        ready(listener.local_addr().map_err(at)?);
        accept(listener, Arc::new(Door::new(handler, desk, address))).await
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

/// What stands before the protocols: path, token, and where a request says that it comes from.
struct Door<H: ServerHandler> {
    service: StreamableHttpService<H, LocalSessionManager>,
    desk: Desk,
    token: Option<[u8; 32]>,
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl<H: ServerHandler> Door<H> {
    fn new(handler: H, desk: Desk, address: &Address) -> Door<H>
    where
        H: Clone,
    {
        let own = ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"].map(String::from);
        let origins: Vec<String> = own.into_iter().chain(address.origins.iter().cloned()).collect();
        let local = ["localhost", "127.0.0.1", "::1"].map(String::from);
        let hosts: Vec<String> = local.into_iter().chain(address.hosts.iter().cloned()).collect();
        let mut config = StreamableHttpServerConfig::default().with_max_request_body_bytes(BODY_BYTES_MAX).enforce_origin_validation();
        config = config.with_allowed_origins(origins.clone()).with_allowed_hosts(hosts.clone());
        let make = move || Ok(handler.clone());
        let service = StreamableHttpService::new(make, Arc::default(), config);
        Door { service, desk, token: address.token.as_deref().map(digest), hosts, origins }
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        if let Some(token) = &self.token {
            let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
            // Digests, so that the time tells nothing about the token.
            if shown.map(digest) != Some(*token) {
                let mut answer = plain(StatusCode::UNAUTHORIZED, "show the server's token: Authorization: Bearer TOKEN");
                answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                return answer;
            }
        }
        match request.uri().path() {
            "/mcp" => self.service.handle(request).await,
            path if path.starts_with("/v1/") => self.ask_model(request).await,
            _ => plain(StatusCode::NOT_FOUND, "the server is at /mcp, the model at /v1"),
        }
    }

    /// A request in one of the formats of model endpoints.
    async fn ask_model(&self, request: Request<Incoming>) -> Answer {
        if !self.is_from_here(&request) {
            return whole(emulant_model::refusal(403, "this name or origin is not known here (--host NAME, --origin ORIGIN)"));
        }
        let (head, body) = request.into_parts();
        let body = tokio::time::timeout(HEADERS, Limited::new(body, QUESTION_BYTES_MAX).collect()).await;
        let body = match body {
            Ok(Ok(body)) => body.to_bytes().to_vec(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return whole(emulant_model::refusal(413, &format!("{QUESTION_BYTES_MAX} bytes are the most that can be asked")));
            }
            Ok(Err(_)) => return whole(emulant_model::refusal(400, "the body broke off")),
            Err(_) => return whole(emulant_model::refusal(408, "the body did not come in time")),
        };
        let mut pieces = match self.desk.ask(head.method.as_str(), head.uri.path(), body) {
            Ok(pieces) => pieces,
            Err(refused) => return whole(refused),
        };
        match pieces.recv().await {
            Some(Piece::Last(response)) => whole(response),
            Some(part) => {
                let mut answer = Response::new(Events { next: Some(part), pieces }.boxed());
                answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
                answer
            }
            None => whole(emulant_model::refusal(503, "the model's thread has ended; start the server again")),
        }
    }

    /// Does a browser send this to a name of ours, from a page that may? Other clients name no origin.
    fn is_from_here(&self, request: &Request<Incoming>) -> bool {
        let text = |name| request.headers().get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default().to_ascii_lowercase());
        let host = text(HOST).unwrap_or_default();
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let known = |origin: &str| {
            self.origins.iter().any(|known| match known.strip_suffix(":*") {
                Some(start) => origin.strip_prefix(start).is_some_and(|port| port.is_empty() || port.starts_with(':')),
                None => known.eq_ignore_ascii_case(origin),
            })
        };
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name) || known.eq_ignore_ascii_case(&host)) && text(ORIGIN).is_none_or(|origin| known(&origin))
    }
}

/// A response that goes out piece by piece. Dropped, which is when the client leaves, it ends the work.
struct Events {
    next: Option<Piece>,
    pieces: UnboundedReceiver<Piece>,
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = match self.next.take() {
            Some(piece) => Some(piece),
            None => match self.pieces.poll_recv(context) {
                Poll::Ready(piece) => piece,
                Poll::Pending => return Poll::Pending,
            },
        };
        let text = match piece {
            Some(Piece::Part(text)) => text,
            Some(Piece::Last(response)) => {
                self.pieces.close();
                response.body
            }
            None => return Poll::Ready(None),
        };
        Poll::Ready(Some(Ok(Frame::data(text.into()))))
    }
}

fn whole(response: emulant_model::Response) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(response.body)).boxed());
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(response.content_type));
    if response.status == 429 {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    answer
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(text.as_bytes())).boxed());
    *answer.status_mut() = status;
    answer
}
