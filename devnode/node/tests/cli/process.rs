//! A node in a process of its own.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

/// A node in a process. It is killed if a test leaves it behind.
pub(crate) struct Node {
    child: Child,
    pub(crate) url: String,
}

/// The command with these words.
pub(crate) fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stylus-devnode"));
    command.args(words).stdin(Stdio::null());
    command
}

/// What the command does with words that do not start a node.
pub(crate) fn run(words: &[&str]) -> Output {
    command(words).output().expect("an end")
}

/// What it complains about.
pub(crate) fn complaint(words: &[&str]) -> String {
    let output = run(words);
    assert!(!output.status.success(), "{words:?}");
    String::from_utf8(output.stderr).expect("text")
}

/// A file that is not there yet.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    assert!(!file.exists());
    file
}

impl Node {
    /// Starts it on a free port, and waits until it listens.
    pub(crate) fn start(words: &[&str]) -> Self {
        let words = [&["--port", "0"], words].concat();
        let mut child = command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut lines = lines.skip_while(|line| !line.starts_with("Listening on "));
        let Some(line) = lines.next() else {
            let mut error = String::new();
            child.stderr.take().expect("its errors").read_to_string(&mut error).expect("text");
            panic!("{words:?}: {error}");
        };
        Self { child, url: line.split(' ').nth(2).expect("a URL").into() }
    }

    /// Asks it, and expects an answer.
    pub(crate) fn ask(&self, method: &str, params: Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let request = ureq::post(&self.url).header("content-type", "application/json").send(body);
        let text = request.expect("an answer").body_mut().read_to_string().expect("text");
        let mut answer: Value = serde_json::from_str(&text).expect("JSON");
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Sends it a signal, and waits for its end.
    #[cfg(unix)]
    pub(crate) fn end(&mut self, signal: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("an end").success());
        self.child.wait().expect("an end")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It has ended already if the test ended it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
