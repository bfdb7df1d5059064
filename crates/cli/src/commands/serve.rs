//! `emulant serve`: the same as `emulant mcp`, over HTTP, and the model in the formats of model endpoints.

use super::mcp::Offered;
use crate::common::Trouble;
use clap::Args;
use emulant_host::serve::{self, Address};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Largest file of a token, in bytes.
const TOKEN_BYTES_MAX: usize = 4096;

/// What `serve` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant serve --tools tools.json --allow write_file\n\n\
    MCP hosts then take the first URL that it prints, and clients of chat completions, System One or Decisions\n\
    the second, for the model that --model names. Only this computer reaches it, unless --listen says another\n\
    address; that needs a token.")]
pub struct Arguments {
    #[command(flatten)]
    offered: Offered,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8733")]
    listen: SocketAddr,
    /// A file whose first line clients must send as `Authorization: Bearer TOKEN`
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Another name under which this server is reached (`Host`)
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// An origin whose web pages may use it, as https://example.org:443
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
}

/// Serves until it is ended.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let token = arguments.token_file.as_deref().map(token).transpose()?;
    let address = Address { socket: arguments.listen, token, hosts: arguments.host, origins: arguments.origin };
    address.check().map_err(Trouble::usage)?;
    let offer = arguments.offered.offer(state, "http")?;
    serve::listen(offer, &address, |socket| say_line!("http://{socket}/mcp\nhttp://{socket}/v1")).map_err(Trouble::computer)?;
    Ok(0)
}

fn token(path: &Path) -> Result<String, Trouble> {
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))?;
    let token = text.lines().next().unwrap_or_default().trim().to_string();
    match (1..=TOKEN_BYTES_MAX).contains(&token.len()) {
        true => Ok(token),
        false => Err(Trouble::usage(format!("{}: its first line is no token", path.display()))),
    }
}
