//! Writing ourselves into the configuration of the programs that talk to MCP servers. What is there
//! stays; the file before is kept beside it.

use super::Refusal;
use serde_json::{Map, Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A program that reads a list of MCP servers.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its file.
    place: Place,
    /// Where in the file servers stand.
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// Below the user's folder.
    Home(&'static str),
    /// Below the user's folder of configurations, where that system has them.
    Config(&'static str),
    /// Below the current folder: the project's.
    Project(&'static str),
}

#[derive(Clone, Copy, Debug)]
enum Form {
    /// JSON with the servers under this key.
    Json(&'static str),
    /// The same, and each says that it is on standard input and output.
    Typed(&'static str),
    /// TOML with a table for each below this one.
    Toml(&'static str),
}

/// All that are known.
pub const CLIENTS: &[Client] = &[
    Client { name: "claude-desktop", place: Place::Config("Claude/claude_desktop_config.json"), form: Form::Json("mcpServers") },
    Client { name: "claude-code", place: Place::Project(".mcp.json"), form: Form::Typed("mcpServers") },
    Client { name: "cursor", place: Place::Home(".cursor/mcp.json"), form: Form::Json("mcpServers") },
    Client { name: "vscode", place: Place::Project(".vscode/mcp.json"), form: Form::Typed("servers") },
    Client { name: "windsurf", place: Place::Home(".codeium/windsurf/mcp_config.json"), form: Form::Json("mcpServers") },
    Client { name: "gemini-cli", place: Place::Home(".gemini/settings.json"), form: Form::Json("mcpServers") },
    Client { name: "codex", place: Place::Home(".codex/config.toml"), form: Form::Toml("mcp_servers") },
];

/// What is to be written where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The file.
    pub path: PathBuf,
    /// Its whole new text.
    pub text: String,
    /// Does it say that already?
    pub is_there: bool,
}

impl Client {
    /// The client of this name.
    ///
    /// # Errors
    /// Which names there are.
    pub fn named(name: &str) -> Result<&'static Client, Refusal> {
        let names: Vec<&str> = CLIENTS.iter().map(|client| client.name).collect();
        CLIENTS.iter().find(|client| client.name == name).ok_or_else(|| format!("there is no client {name:?}; there are {}", names.join(", ")))
    }

    /// Its file on this system.
    ///
    /// # Errors
    /// When nothing says where the user's folder is.
    pub fn path(&self) -> Result<PathBuf, Refusal> {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || variable("HOME").ok_or_else(|| "HOME does not say where the user's folder is; give --file".to_string());
        Ok(match self.place {
            Place::Home(path) => home()?.join(path),
            Place::Config(path) if cfg!(target_os = "macos") => home()?.join("Library/Application Support").join(path),
            Place::Config(path) => match variable("XDG_CONFIG_HOME") {
                Some(folder) => folder.join(path),
                None => home()?.join(".config").join(path),
            },
            Place::Project(path) => PathBuf::from(path),
        })
    }

    /// The text of `path` with the server `name` in it, which is started as `command` with `arguments`.
    ///
    /// # Errors
    /// When the file cannot be read, or is not what this client reads; it is left alone then.
    pub fn plan(&self, path: &Path, name: &str, command: &str, arguments: &[String]) -> Result<Plan, Refusal> {
        let at = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
        let before = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(at(&error)),
        };
        let text = match self.form {
            Form::Json(key) => with_json(&before, key, name, json!({"command": command, "args": arguments})),
            Form::Typed(key) => with_json(&before, key, name, json!({"type": "stdio", "command": command, "args": arguments})),
            Form::Toml(key) => with_toml(&before, key, name, command, arguments),
        };
        let text = text.map_err(|reason| at(&reason))?;
        Ok(Plan { path: path.to_path_buf(), is_there: text == before, text })
    }
}

impl Plan {
    /// Writes it, all or nothing. The file before is kept under the name that is given back.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self) -> Result<Option<PathBuf>, Refusal> {
        // A link stays one: what it leads to is written.
        let path = std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let at = |error: std::io::Error| format!("{}: {error}", path.display());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(at)?;
        let mut kept = None;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(at)?;
        if let Ok(before) = std::fs::metadata(&path) {
            let backup = PathBuf::from(format!("{}.before-emulant", path.display()));
            std::fs::copy(&path, &backup).map_err(at)?;
            file.as_file().set_permissions(before.permissions()).map_err(at)?;
            kept = Some(backup);
        }
        file.write_all(self.text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(at)?;
        file.persist(&path).map_err(|error| at(error.error))?;
        Ok(kept)
    }
}

fn with_json(before: &str, key: &str, name: &str, server: Json) -> Result<String, String> {
    let mut all: Map<String, Json> = match before.trim().is_empty() {
        true => Map::new(),
        false => serde_json::from_str(before).map_err(|error| format!("it is no JSON object, and is left alone: {error}"))?,
    };
    let servers = all.entry(key).or_insert_with(|| json!({}));
    let servers = servers.as_object_mut().ok_or_else(|| format!("{key:?} is no object, and is left alone"))?;
    if servers.get(name) == Some(&server) {
        return Ok(before.into());
    }
    servers.insert(name.into(), server);
    let text = serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?;
    Ok(text + "\n")
}

/// The table is added at the end, so that comments and order of the rest stay.
fn with_toml(before: &str, key: &str, name: &str, command: &str, arguments: &[String]) -> Result<String, String> {
    let all: Map<String, Json> = toml::from_str(before).map_err(|error| format!("it is no TOML, and is left alone: {}", error.message()))?;
    if let Some(there) = all.get(key).and_then(|servers| servers.get(name)) {
        return match there["command"] == command && there["args"] == json!(arguments) {
            true => Ok(before.into()),
            false => Err(format!("[{key}.{name}] is there and says something else; change it by hand")),
        };
    }
    let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else if before.ends_with('\n') { "\n" } else { "\n\n" };
    // Strings of JSON are strings of TOML.
    let text = format!("{before}{gap}[{key}.{}]\ncommand = {}\nargs = {}\n", Json::from(name), Json::from(command), json!(arguments));
    toml::from_str::<Map<String, Json>>(&text).map_err(|error| format!("[{key}.{name}] cannot be added: {}", error.message()))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments() -> Vec<String> {
        ["mcp", "--allow", "a \"b\""].map(String::from).to_vec()
    }

    #[test]
    fn what_is_there_stays_and_twice_is_once() {
        let folder = tempfile::tempdir().unwrap();
        for client in CLIENTS {
            let path = folder.path().join(client.name).join("file");
            let plan = |name| client.plan(&path, name, "/bin/emulant", &arguments()).unwrap();
            assert_eq!(plan("emulant").write().unwrap(), None, "there was no file before");
            let one = std::fs::read_to_string(&path).unwrap();
            assert!(plan("emulant").is_there, "{one}");
            let backup = plan("other").write().unwrap().unwrap();
            assert_eq!(std::fs::read_to_string(backup).unwrap(), one);
            let both = std::fs::read_to_string(&path).unwrap();
            assert!(both.contains("emulant") && both.contains("other"), "{both}");
        }
    }

    #[test]
    fn other_keys_order_and_comments_stay() {
        let before = "{\"z\": 1, \"mcpServers\": {\"git\": {\"command\": \"g\"}}, \"a\": [2]}";
        let after = with_json(before, "mcpServers", "emulant", json!({"command": "e"})).unwrap();
        let keys: Vec<String> = serde_json::from_str::<Map<String, Json>>(&after).unwrap().keys().cloned().collect();
        assert_eq!(keys, ["z", "mcpServers", "a"]);
        assert!(after.contains("\"git\""));
        let toml = "# mine\nmodel = \"x\"\n[mcp_servers.git]\ncommand = \"g\" # here\n";
        let after = with_toml(toml, "mcp_servers", "emulant", "e", &arguments()).unwrap();
        assert!(after.starts_with(toml), "{after}");
        assert!(with_toml(&after, "mcp_servers", "emulant", "else", &[]).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for bad in ["{", "[]", "// a comment\n{}", "{\"mcpServers\": []}"] {
            std::fs::write(&path, bad).unwrap();
            assert!(Client::named("cursor").unwrap().plan(&path, "emulant", "e", &[]).unwrap_err().contains("left alone"), "{bad}");
        }
        std::fs::write(&path, "a = [").unwrap();
        assert!(Client::named("codex").unwrap().plan(&path, "emulant", "e", &[]).is_err());
        assert!(Client::named("nobody").unwrap_err().contains("cursor"));
    }
}
