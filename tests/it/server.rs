//! The server over a real socket: answers are the engine's, pages go on, the index is replaced under
//! load, and whoever attacks is bounded while others are served.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use zhengsou::pipeline::{self, BuildOptions, Observer};
use zhengsou::schema::Schema;
use zhengsou::serve::{Options, Server, hash_password, new_key};
use zhengsou::{Engine, SearchRequest};

struct Silent;
impl Observer for Silent {}

/// A title that would run as a script where it is not escaped.
const HOSTILE: &str = "<img src=x onerror=alert(1)>县教育局2022年工作总结";

/// A folder of reports, an index over it, and perhaps a server.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(files: usize) -> Self {
        let site = Site {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(site.reports()).unwrap();
        for number in 0..files {
            site.write(number);
        }
        let hostile = format!(
            "{HOSTILE}\n\n一、<b>主要</b>工作\n乡村振兴<script>alert(1)</script>稳步推进。\n"
        );
        std::fs::write(site.reports().join("<x>.txt"), hostile).unwrap();
        site.index();
        site
    }

    fn reports(&self) -> PathBuf {
        self.folder.path().join("reports")
    }

    fn write(&self, number: usize) {
        let year = 2010 + number % 14;
        let mut text = format!("县教育局{year}年工作总结\n\n一、主要工作\n");
        for paragraph in 0..20 {
            text += &format!(
                "第{number}处第{paragraph}项：乡村振兴稳步推进，新建学校{}所。\n",
                number * 31 + paragraph
            );
        }
        std::fs::write(self.reports().join(format!("{number:03}.txt")), text).unwrap();
    }

    fn index(&self) {
        let options = BuildOptions {
            paths: vec![self.reports()],
            index: self.folder.path().join("index"),
            ..BuildOptions::default()
        };
        let schema = Arc::new(Schema::embedded().unwrap());
        pipeline::build(&options, &schema, &Silent).unwrap();
    }

    fn engine(&self) -> Engine {
        let folder: &Path = &self.folder.path().join("index");
        Engine::open(folder, Schema::embedded().unwrap()).unwrap()
    }

    fn serve(&self, options: Options) -> Served {
        let engine = self.engine();
        let options = Options {
            listen: match options.listen.port() {
                7373 => "127.0.0.1:0".parse().unwrap(),
                _ => options.listen,
            },
            ..options
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = Server::bind(options, engine).await.unwrap();
                tell.send(server.address()).unwrap();
                server
                    .run(async {
                        let _ = stopped.await;
                    })
                    .await;
            });
        });
        Served {
            address: told.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

/// A server that runs until it is dropped.
struct Served {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            ended.unwrap().unwrap();
        }
    }
}

/// What a server sent.
#[derive(Debug)]
struct Response {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Response {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (other, value) = line.split_once(':')?;
            other.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Served {
    /// Sends bytes on a connection of their own and reads all that comes back.
    fn raw(&self, request: &[u8]) -> Response {
        let mut stream = self.connect();
        // Who is refused early may be cut off while still sending.
        let _ = stream.write_all(request);
        read(&mut stream)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
    }

    fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> Response {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        );
        self.raw(request.as_bytes())
    }

    fn get(&self, path: &str) -> Response {
        self.request("GET", path, "", "")
    }

    fn search(&self, query: &str) -> Value {
        let response = self.get(&format!("/api/v1/search?{query}"));
        assert_eq!(response.status, 200, "{response:?}");
        response.json()
    }
}

/// Reads until the other side closes.
fn read(stream: &mut impl Read) -> Response {
    let mut bytes = Vec::new();
    let mut buffer = [0; 1 << 14];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}"),
        }
    }
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let body = bytes.get(end + 4..).unwrap_or_default().to_vec();
    let is_chunked = head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked");
    Response {
        status: status.unwrap_or(0),
        body: if is_chunked { unchunked(&body) } else { body },
        head,
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&body[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + size + 4..];
    }
    whole
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap();
    let id = |hit: &Value| hit["id"].as_str().unwrap().to_owned();
    hits.iter().map(id).collect()
}

#[test]
fn answers_are_those_of_the_engine() {
    let site = Site::new(6);
    let served = site.serve(Options::default());
    let engine = site.engine();
    let query = encoded("乡村振兴");
    let mut answer = served.search(&format!("q={query}&facets=year,agency&limit=7&fold=false"));
    let request = SearchRequest {
        query: "乡村振兴".into(),
        facets: vec![
            zhengsou::model::FacetField::Year,
            zhengsou::model::FacetField::Agency,
        ],
        limit: 7,
        fold: false,
        ..SearchRequest::default()
    };
    // As text: scores have fewer digits there.
    let expected = serde_json::to_string(&engine.search(&request).unwrap()).unwrap();
    let mut expected: Value = serde_json::from_str(&expected).unwrap();
    for one in [&mut answer, &mut expected] {
        one["took_ms"] = Value::Null;
    }
    answer.as_object_mut().unwrap().remove("next");
    assert_eq!(answer, expected);

    // One that stands under a heading.
    let hits = expected["hits"].as_array().unwrap().iter();
    let mut under = hits.filter(|hit| hit["section_path"][0] == "主要工作");
    let id = under.next().unwrap()["id"].as_str().unwrap().to_owned();
    let passage = served
        .get(&format!("/api/v1/passages/{id}?around=2"))
        .json();
    let position = passage["position"].as_u64().unwrap() as usize;
    assert_eq!(passage["passages"][position]["id"], *id);
    let report = passage["passages"][position]["report_id"].as_str().unwrap();
    let outline = served.get(&format!("/api/v1/reports/{report}")).json();
    assert_eq!(outline["outline"][0]["text"], "主要工作");
    let whole = served
        .get(&format!("/api/v1/reports/{report}/passages"))
        .json();
    assert_eq!(
        whole["passages"].as_array().unwrap().len() as u64,
        outline["passages"]
    );
    let similar = served.get(&format!("/api/v1/similar?id={id}")).json();
    assert!(similar["total"]["passages"].as_u64().unwrap() > 0);
    let facet = served.get("/api/v1/facets/agency?find=%E6%95%99").json();
    assert_eq!(facet["values"][0]["value"], "教育局");
    let suggested = served
        .get(&format!("/api/v1/suggest?q={}", encoded("教育")))
        .json();
    assert_eq!(suggested["agencies"][0]["value"], "教育局");
    let count = served
        .get(&format!("/api/v1/count?term={query}&by=year"))
        .json();
    assert_eq!(count["terms"][0]["total"]["occurrences"], 6 * 20 + 1);
    let csv = served.get(&format!("/api/v1/count?term={query}&format=csv"));
    assert!(csv.text().contains("\nterm,"), "{csv:?}");
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
}

#[test]
fn pages_make_up_the_whole_even_while_the_index_grows() {
    let site = Site::new(8);
    let served = site.serve(Options::default());
    let query = format!("q={}&sort=year&fold=false&limit=25", encoded("乡村振兴"));
    let all = ids(&served.search(&query.replace("limit=25", "limit=1000")));
    let mut paged = Vec::new();
    let mut address = query.clone();
    let mut pages = 0;
    loop {
        let answer = served.search(&address);
        paged.extend(ids(&answer));
        pages += 1;
        if pages == 2 {
            // Of a year that stands before and of one that stands behind what was seen.
            let before = served.get("/readyz").json()["revision"].clone();
            site.write(14);
            site.write(27);
            site.index();
            wait_for(|| served.get("/readyz").json()["revision"] != before);
        }
        match answer["next"].as_str() {
            Some(next) => address = format!("{query}&cursor={next}"),
            None => break,
        }
    }
    let old: Vec<&String> = paged.iter().filter(|id| all.contains(id)).collect();
    assert_eq!(
        old,
        all.iter().collect::<Vec<_>>(),
        "none twice, none left out"
    );
    assert!(paged.len() > all.len(), "what came in behind is seen");
    let other = served.get("/api/v1/search?q=%E5%AD%A6&cursor=x.y.1.z");
    assert_eq!(other.status, 400);
}

fn wait_for(mut done: impl FnMut() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(30), "it never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_is_known_is_confirmed_until_the_next_commit() {
    let site = Site::new(2);
    let served = site.serve(Options::default());
    let path = format!("/api/v1/search?q={}", encoded("乡村振兴"));
    let tag = served.get(&path).header("etag").unwrap().to_owned();
    let known = format!("if-none-match: {tag}\r\n");
    let again = served.request("GET", &path, &known, "");
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = served.request("GET", &format!("{path}&limit=1"), &known, "");
    assert_eq!(other.status, 200);
    let english = format!("{known}accept-language: en\r\n");
    assert_eq!(served.request("GET", &path, &english, "").status, 200);
    let before = served.get("/readyz").json()["revision"].clone();
    site.write(5);
    site.index();
    wait_for(|| served.get("/readyz").json()["revision"] != before);
    assert_eq!(served.request("GET", &path, &known, "").status, 200);
}

#[test]
fn errors_are_problem_details_with_the_place_and_what_to_do() {
    let site = Site::new(1);
    let served = site.serve(Options::default());
    let query = encoded("(乡村");
    let cases: &[(&str, u16, &str)] = &[
        (
            &format!("/api/v1/search?q={query}"),
            400,
            "urn:zhengsou:query",
        ),
        ("/api/v1/search?agnecy=x", 400, "urn:zhengsou:usage"),
        ("/api/v1/search?limit=x", 400, "urn:zhengsou:usage"),
        ("/api/v1/search?limit=1&limit=2", 400, "urn:zhengsou:usage"),
        ("/api/v1/search?limit=1001", 400, "urn:zhengsou:usage"),
        ("/api/v1/search?sort=upward", 400, "urn:zhengsou:usage"),
        (
            "/api/v1/search?region=%E7%81%AB%E6%98%9F",
            400,
            "urn:zhengsou:unknown-value",
        ),
        (
            "/api/v1/passages/0123456789abcdef",
            404,
            "urn:zhengsou:not-found",
        ),
        ("/api/v1/passages/x", 404, "urn:zhengsou:not-found"),
        ("/api/v1/facets/colour", 404, "urn:zhengsou:not-found"),
        ("/api/v1/nothing", 404, "urn:zhengsou:not-found"),
    ];
    for (path, status, kind) in cases {
        let response = served.request("GET", path, "accept-language: en\r\n", "");
        assert_eq!(response.status, *status, "{path}: {response:?}");
        let problem = response.json();
        assert_eq!(problem["type"], *kind, "{path}");
        assert_eq!(
            response.header("content-type"),
            Some("application/problem+json")
        );
        assert!(
            problem["detail"].as_str().unwrap().is_ascii() || path.contains('%'),
            "{problem}"
        );
    }
    let broken = served.get(&format!("/api/v1/search?q={query}")).json();
    assert_eq!(
        (&broken["input"], broken["span"].as_array().map(Vec::len)),
        (&"(乡村".into(), Some(2))
    );
    let near = served.request(
        "GET",
        "/api/v1/search?agnecy=x",
        "accept-language: en\r\n",
        "",
    );
    assert_eq!(near.json()["hint"], "did you mean agency?");
    let post = served.request("POST", "/api/v1/search", "", "{}");
    assert_eq!((post.status, post.header("allow").is_some()), (405, true));
    let json = "content-type: application/json\r\n";
    for (body, status) in [("{", 400), ("{\"limit\":\"x\"}", 422)] {
        let response = served.request("POST", "/api/v1/similar", json, body);
        assert_eq!(response.status, status, "{body}: {response:?}");
    }
    assert_eq!(
        served.request("POST", "/api/v1/similar", "", "{}").status,
        415
    );
}

#[test]
fn an_export_is_every_passage() {
    let site = Site::new(30);
    let served = site.serve(Options::default());
    let engine = site.engine();
    let mut expected = Vec::new();
    engine
        .export(&[], &mut |passage| {
            expected.push(serde_json::to_value(passage).unwrap());
            true
        })
        .unwrap();
    let response = served.get("/api/v1/export");
    let lines = response.text();
    let found: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(found, expected);
    let hits = served.get(&format!("/api/v1/export?format=csv&q={}", encoded("学校")));
    assert_eq!(hits.text().lines().count(), 30 * 20 + 1);
    assert_eq!(served.get("/api/v1/export?q=%28").status, 400);
    // Whoever goes away in the middle gives the place up.
    for _ in 0..8 {
        let mut gone = served.connect();
        gone.write_all(b"GET /api/v1/export HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .unwrap();
        let _ = gone.read(&mut [0; 64]);
        drop(gone);
    }
    wait_for(|| served.get("/api/v1/export?limit=1").status == 400);
    wait_for(|| served.get("/api/v1/export").status == 200);
}

#[test]
fn no_request_fails_while_the_index_is_replaced() {
    let site = Site::new(20);
    let served = site.serve(Options {
        rate: 0,
        ..Options::default()
    });
    let (done, answered) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let answer = served.search(&format!("q={}&facets=year", encoded("乡村振兴")));
                    assert!(answer["total"]["passages"].as_u64().unwrap() >= 20 * 20);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for number in 20..24 {
            site.write(number);
            site.index();
            std::thread::sleep(Duration::from_millis(600));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(answered.load(Ordering::Relaxed) > 20);
    let metrics = served.get("/metrics").text();
    let reloads = metrics
        .lines()
        .find_map(|line| line.strip_prefix("zhengsou_index_reloads_total "));
    assert!(reloads.unwrap().parse::<u64>().unwrap() >= 2, "{metrics}");
}

#[test]
fn keys_and_passwords_are_asked_for() {
    let site = Site::new(1);
    let (key, hash) = new_key().unwrap();
    let (metrics_key, metrics_hash) = new_key().unwrap();
    let served = site.serve(Options {
        keys: vec![hash.clone()],
        password: Some(hash_password("开门").unwrap()),
        metrics_key: Some(metrics_hash),
        ..Options::default()
    });
    // base64 of `user:开门` and of `user:关门`.
    let (right, wrong) = ("dXNlcjrlvIDpl6g=", "dXNlcjrlhbPpl6g=");
    let cases: &[(&str, String, u16)] = &[
        ("/api/v1/search", String::new(), 401),
        ("/", String::new(), 401),
        ("/mcp", String::new(), 401),
        ("/openapi.json", String::new(), 401),
        ("/assets/style.css", String::new(), 401),
        ("/healthz", String::new(), 200),
        (
            "/api/v1/search",
            format!("authorization: Bearer {key}\r\n"),
            200,
        ),
        ("/api/v1/search", format!("x-api-key: {key}\r\n"), 200),
        (
            "/api/v1/search",
            format!("authorization: Bearer {hash}\r\n"),
            401,
        ),
        (
            "/api/v1/search",
            format!("authorization: Bearer {key}0\r\n"),
            401,
        ),
        ("/api/v1/search", "authorization: Bearer \r\n".into(), 401),
        (
            "/api/v1/search",
            format!("authorization: Basic {right}\r\n"),
            200,
        ),
        (
            "/api/v1/search",
            format!("authorization: Basic {wrong}\r\n"),
            401,
        ),
        (
            "/metrics",
            format!("authorization: Bearer {metrics_key}\r\n"),
            200,
        ),
        (
            "/api/v1/search",
            format!("authorization: Bearer {metrics_key}\r\n"),
            401,
        ),
        (
            "/metrics/../api/v1/search",
            format!("authorization: Bearer {metrics_key}\r\n"),
            401,
        ),
        ("/metrics", String::new(), 401),
    ];
    for (path, header, status) in cases {
        let response = served.request("GET", path, header, "");
        assert_eq!(response.status, *status, "{path} {header} {response:?}");
        let asks = response.header("www-authenticate").is_some();
        assert_eq!(asks, *status == 401, "{path} {header}");
    }
    // Guesses run out; whoever knows the password still gets in.
    let guess = |password: &str| {
        let header = format!("authorization: Basic {password}\r\n");
        served.request("GET", "/api/v1/search", &header, "").status
    };
    let guesses: Vec<u16> = (0..12).map(|_| guess(wrong)).collect();
    assert!(guesses.contains(&429), "{guesses:?}");
    assert_eq!(guess(right), 200);
}

#[test]
fn other_machines_get_in_with_a_secret_only() {
    let open = Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..Options::default()
    };
    let error = open.check().unwrap_err();
    assert!(
        error
            .hint(zhengsou::model::Language::En)
            .unwrap()
            .contains("--hash-password")
    );
    let site = Site::new(1);
    let served = site.serve(Options::default());
    // A foreign name that resolves to this machine reads nothing.
    for host in ["evil.example", "localhost.evil.example:80", "10.0.0.1", ""] {
        let request =
            format!("GET /api/v1/search HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert_eq!(served.raw(request.as_bytes()).status, 421, "{host}");
    }
}

#[test]
fn too_many_requests_are_put_off() {
    let site = Site::new(1);
    let served = site.serve(Options {
        rate: 1,
        burst: 5,
        ..Options::default()
    });
    let responses: Vec<Response> = (0..8).map(|_| served.get("/api/v1/search")).collect();
    let refused = responses
        .iter()
        .find(|response| response.status == 429)
        .unwrap();
    assert!(refused.header("retry-after").is_some());
    assert_eq!(served.get("/healthz").status, 200);
}

#[test]
fn tricks_with_paths_headers_and_sizes_are_refused() {
    let site = Site::new(1);
    std::fs::write(site.folder.path().join("secret.txt"), "机密").unwrap();
    let served = site.serve(Options {
        rate: 0,
        ..Options::default()
    });
    for path in [
        "/../secret.txt",
        "/..%2f..%2fsecret.txt",
        "/assets/../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%5c..%5csecret.txt",
        "/assets//etc/passwd",
        "/assets/style.css%00",
        "/api/v1/passages/..%2f..%2fsecret.txt",
        "/api/v1/reports/%2e%2e%2fsecret.txt/passages",
        "/api/v1/reports/..",
    ] {
        let response = served.get(path);
        assert_eq!(response.status, 404, "{path}: {response:?}");
        assert!(!response.text().contains("root:") && !response.text().contains("机密"));
    }
    let source = served.get("/api/v1/search?source=..%2F..%2F..%2Fetc%2Fpasswd");
    assert_eq!(source.status, 400, "{source:?}");

    let long = "a".repeat(1 << 20);
    let asked = |line: String| served.raw(line.as_bytes()).status;
    // Cut off in the middle is an answer as well.
    let refused = [0, 400, 413, 414, 431, 505];
    for request in [
        format!("GET /api/v1/search?q={long} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "x: y\r\n".repeat(500)),
        format!("{long}\r\n\r\n"),
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\r\n\r\n".into(),
        "GET / HTTP/9.9\r\n\r\n".into(),
        "\0\0\0\0\r\n\r\n".into(),
        "POST /api/v1/similar HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".into(),
        "POST /api/v1/similar HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}".into(),
    ] {
        let shown: String = request.chars().take(60).collect();
        let status = asked(request);
        assert!(refused.contains(&status), "{shown}: {status}");
    }
    let body = format!("{{\"text\":\"{long}\"}}");
    let json = "content-type: application/json\r\n";
    let posted = served
        .request("POST", "/api/v1/similar", json, &body)
        .status;
    assert!([0, 413].contains(&posted), "{posted}");
    // A line end that is smuggled into a header of ours ends nothing.
    let smuggled = served.request("GET", "/readyz", "x-request-id: a b\r\n", "");
    assert!(!smuggled.header("x-request-id").unwrap().contains(' '));
    assert_eq!(served.get("/readyz").status, 200);
}

#[test]
fn pages_escape_what_sources_say() {
    let site = Site::new(0);
    let served = site.serve(Options::default());
    let query = encoded("乡村振兴");
    let hit = served.search(&format!("q={query}"))["hits"][0].clone();
    assert!(
        hit["report_title"].as_str().unwrap().contains("<img"),
        "{hit}"
    );
    let (id, report) = (
        hit["id"].as_str().unwrap(),
        hit["report_id"].as_str().unwrap(),
    );
    let tricky = encoded("\"><script>alert(1)</script>");
    for path in [
        format!("/search?q={query}"),
        format!("/search?q={tricky}"),
        format!("/report/{report}"),
        format!("/passage/{id}"),
        format!("/{tricky}"),
    ] {
        let response = served.request("GET", &path, "accept: text/html\r\n", "");
        let text = response.text();
        assert!(
            !text.contains("<img src=x") && !text.contains("<script>alert"),
            "{path}: {text}"
        );
        let policy = response.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn slow_clients_and_floods_keep_nobody_else_out() {
    let site = Site::new(1);
    let served = site.serve(Options {
        connections: 40,
        connections_per_address: 30,
        rate: 0,
        ..Options::default()
    });
    // Headers that never end, from one address.
    let mut slow: Vec<TcpStream> = (0..60)
        .filter_map(|_| {
            let mut stream = TcpStream::connect(served.address).ok()?;
            stream.write_all(b"GET / HTTP/1.1\r\nhost: loc").ok()?;
            Some(stream)
        })
        .collect();
    // Another address is served meanwhile, where the system has one.
    if cfg!(target_os = "linux") {
        let mut other = from_other_address(served.address);
        other
            .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .unwrap();
        assert_eq!(read(&mut other).status, 200);
    }
    // The slow ones are cut off, and their address is served again.
    let since = Instant::now();
    for stream in &mut slow {
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
    assert!(
        since.elapsed() < Duration::from_secs(30),
        "they were cut off"
    );
    wait_for(|| served.get("/readyz").status == 200);
}

/// Connects from 127.0.0.2.
fn from_other_address(to: SocketAddr) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        socket.connect(to).await.unwrap()
    });
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream
}

#[test]
fn whoever_goes_away_ends_the_search() {
    let site = Site::new(40);
    let served = site.serve(Options {
        rate: 0,
        ..Options::default()
    });
    let terms: Vec<Value> = (0..800)
        .map(|number| serde_json::json!({"name": number.to_string(), "words": ["乡村振兴", "稳步推进"]}))
        .collect();
    let body = serde_json::json!({ "terms": terms }).to_string();
    let head = format!(
        "POST /api/v1/count HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let answered = served.request(
        "POST",
        "/api/v1/count",
        "content-type: application/json\r\n",
        &body,
    );
    assert_eq!(answered.status, 200, "{answered:?}");
    let cancelled = || {
        let metrics = served.get("/metrics").text();
        let mut lines = metrics.lines();
        let count = lines.find_map(|line| line.strip_prefix("zhengsou_searches_cancelled_total "));
        count.unwrap().parse::<u64>().unwrap()
    };
    wait_for(|| {
        let mut gone = served.connect();
        gone.write_all(format!("{head}{body}").as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(2));
        drop(gone);
        cancelled() > 0
    });
}

#[test]
fn downloads_hold_every_hit() {
    let site = Site::new(6);
    let served = site.serve(Options::default());
    let query = format!("q={}&fold=false", encoded("乡村振兴"));
    let total = served.search(&query)["total"]["passages"].as_u64().unwrap();
    let csv = served.get(&format!("/download/hits.csv?{query}"));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(csv.text().lines().count() as u64, total + 1);
    let xlsx = served.get(&format!("/download/hits.xlsx?{query}"));
    assert!(xlsx.body.starts_with(b"PK"), "{xlsx:?}");
    assert_eq!(served.get("/download/hits.csv?q=%28").status, 400);
    assert_eq!(served.get("/download/hits.doc").status, 404);
}

#[test]
fn answers_travel_over_tls() {
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

    let site = Site::new(2);
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (
        site.folder.path().join("chain.pem"),
        site.folder.path().join("key.pem"),
    );
    std::fs::write(&certificate, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let served = site.serve(Options {
        tls_certificate: Some(certificate.clone()),
        tls_key: Some(key),
        ..Options::default()
    });
    let mut known = RootCertStore::empty();
    known.add(pair.cert.der().clone()).unwrap();
    let ask = |known: RootCertStore| {
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(known)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let client = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(client, served.connect());
        stream.write_all(
            b"GET /api/v1/search HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        )?;
        Ok::<_, std::io::Error>(read(&mut stream))
    };
    let answer = ask(known).unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.json()["total"]["passages"].as_u64().unwrap() >= 40);
    let unknown = ask(RootCertStore::empty()).unwrap_err();
    assert!(unknown.to_string().contains("certificate"), "{unknown}");
    // Nothing is said in the clear.
    assert_eq!(served.get("/readyz").status, 0);
    // A key that belongs to another certificate is refused at the start.
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let other_key = site.folder.path().join("other.pem");
    std::fs::write(&other_key, other.signing_key.serialize_pem()).unwrap();
    let options = Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        tls_certificate: Some(certificate),
        tls_key: Some(other_key),
        ..Options::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let refused = runtime.block_on(Server::bind(options, site.engine()));
    let message = refused.unwrap_err();
    assert!(message.path().unwrap().ends_with("chain.pem"), "{message}");
}

#[test]
fn a_request_under_way_is_finished_at_the_end() {
    let site = Site::new(5);
    let mut served = site.serve(Options::default());
    let mut idle = served.connect();
    idle.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    idle.read_exact(&mut [0; 12]).unwrap();
    let mut busy = served.connect();
    busy.write_all(b"GET /api/v1/stats HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    served.stop.take().unwrap().send(()).unwrap();
    assert_eq!(read(&mut busy).status, 200);
    served.thread.take().unwrap().join().unwrap();
    assert!(TcpStream::connect(served.address).is_err());
    served.thread = Some(std::thread::spawn(|| ()));
}

#[test]
fn the_description_names_every_route() {
    let site = Site::new(1);
    let served = site.serve(Options::default());
    let document = served.get("/openapi.json").json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, methods) in document["paths"].as_object().unwrap() {
        let id = "0123456789abcdef";
        let path = path.replace("{id}", id).replace("{field}", "year");
        for method in methods.as_object().unwrap().keys() {
            let response = served.request(&method.to_uppercase(), &path, "", "");
            // There: whatever it lacks, it is not the route.
            let lost = response.status == 404 && response.json()["detail"] == "没有这个地址";
            assert!(
                !lost && response.status != 405,
                "{method} {path}: {response:?}"
            );
        }
    }
}
