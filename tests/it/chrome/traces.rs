//! What a page leaves behind, while it runs and after: nothing that anybody could find or reach.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cuelight_runtime::source::page::{PageCookie, PageHost as _};
use system_tests::{RecordingProxy, files_holding, program};

use super::devtools::{address_in, port_of};
use super::{Place, events, eventually, named, page_of};

/// What stands for the session of somebody who is logged in.
const SESSION: &str = "moonlitotter7319moonlitotter7319";

/// The browser's processes that name the folder.
fn processes_in(folder: &Path) -> Vec<u32> {
    let folder = folder.display().to_string();
    let names_it = |process: &fs::DirEntry| {
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&folder)
    };
    let processes = fs::read_dir("/proc").expect("readable").flatten().filter(names_it);
    processes.filter_map(|it| it.file_name().to_string_lossy().parse().ok()).collect()
}

/// `kill -9` of the browser that has this folder, with all its parts.
pub(super) fn kill_browser_in(folder: &Path) {
    for process in processes_in(folder) {
        // Parts end by themselves when the first one is gone.
        let _ = Command::new("kill").args(["-9", &process.to_string()]).stderr(Stdio::null()).status();
    }
}

/// The addresses on which anybody listens at that port, as in `/proc/net/tcp`.
fn listening_at(port: u16) -> Vec<String> {
    let sockets = ["/proc/net/tcp", "/proc/net/tcp6"].map(|it| fs::read_to_string(it).unwrap_or_default()).concat();
    let own = sockets.lines().filter_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (address, is_listening) = (fields.next()?, fields.nth(1)? == "0A");
        let (host, its_port) = address.split_once(':')?;
        (is_listening && u16::from_str_radix(its_port, 16) == Ok(port)).then(|| host.to_owned())
    });
    own.collect()
}

#[tokio::test]
async fn the_port_of_the_browser_is_on_loopback_and_closed_with_the_visit() {
    let tiktok = named("normal");
    let place = Place::new();
    let mut visit = place.visit(&tiktok).await;
    events(&mut visit, 1).await;
    let [folder] = &place.browsers()[..] else { panic!("one browser runs") };
    let port = port_of(&address_in(folder).expect("it is noted"));
    assert_eq!(listening_at(port), ["0100007F"], "127.0.0.1 and nothing else, in the words of the kernel");
    assert!(!processes_in(folder).is_empty(), "it runs");
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(folder).expect("it is there"));
    assert_eq!(mode & 0o077, 0, "nobody else may look into {}", folder.display());

    visit.close().await;
    assert_eq!(listening_at(port), Vec::<String>::new(), "nobody listens any more");
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect_err("nobody answers");
    assert_eq!(processes_in(folder), Vec::<u32>::new(), "nothing runs any more");
    assert_eq!(place.browsers(), Vec::<PathBuf>::new(), "nothing is left");
}

#[tokio::test]
async fn a_visit_that_is_given_up_leaves_nothing_either() {
    let tiktok = named("normal");
    let place = Place::new();
    let visit = place.visit(&tiktok).await;
    let [folder] = &place.browsers()[..] else { panic!("one browser runs") };
    drop(visit);
    eventually("an end of the browser", async || processes_in(folder).is_empty().then_some(())).await;
    eventually("an end of its folder", async || place.browsers().is_empty().then_some(())).await;

    // While it is still starting, too.
    let chrome = place.chrome();
    tokio::select! {
        biased;
        visit = chrome.visit(page_of(&tiktok, "sim")) => panic!("no browser starts at once, but {visit:?}"),
        () = eventually("a browser", async || (!place.browsers().is_empty()).then_some(())) => {}
    }
    let running = || place.browsers().iter().flat_map(|it| processes_in(it)).collect::<Vec<_>>();
    eventually("an end of the browser", async || running().is_empty().then_some(())).await;
}

#[tokio::test]
async fn a_session_is_shown_to_the_page_and_is_nowhere_on_the_disk() {
    let tiktok = named("page-login");
    let place = Place::new();
    let mut wanted = page_of(&tiktok, "sim");
    let cookie = |name: &str| PageCookie {
        name: name.to_owned(),
        value: SESSION.to_owned().into(),
        domain: "127.0.0.1".to_owned(),
    };
    wanted.cookies = vec![cookie("sessionid"), cookie("sid_tt")];
    let chrome = place.chrome();
    let mut visit = chrome.visit(wanted).await.expect("the page is there");
    events(&mut visit, 1).await;
    let page = tiktok.seen().requests_for("/@sim/live").next().cloned().expect("it was asked for");
    assert_eq!(page.cookie("sessionid"), Some(SESSION), "TikTok knows who it is");
    let names: Vec<&str> = visit.identity.cookies.iter().map(|it| it.name.as_str()).collect();
    assert!(names.contains(&"sessionid") && names.contains(&"ttwid"), "{names:?} are to be had");

    assert!(!files_holding(place.folder.path(), b"127.0.0.1").is_empty(), "what is on the disk is found");
    assert_eq!(files_holding(place.folder.path(), SESSION.as_bytes()), Vec::<PathBuf>::new(), "while it runs");
    let [folder] = &place.browsers()[..] else { panic!("one browser runs") };
    // Nor among its arguments, which every user of the machine may read.
    let arguments = processes_in(folder).into_iter().map(|it| fs::read(format!("/proc/{it}/cmdline")));
    let arguments = arguments.flatten().flatten().collect::<Vec<u8>>();
    let arguments = String::from_utf8_lossy(&arguments);
    assert!(!arguments.contains(SESSION), "in the arguments");
    // What a crash leaves holds the memory: it goes where all goes that is removed.
    let crashes = format!("--database={}", folder.join("crashes").display());
    assert!(arguments.contains(&crashes), "crashes are written elsewhere: {arguments}");
    // Whatever a browser writes only now and then, it writes when it is killed in the middle.
    kill_browser_in(folder);
    assert_eq!(files_holding(place.folder.path(), SESSION.as_bytes()), Vec::<PathBuf>::new(), "after it was killed");
    visit.close().await;
    assert_eq!(files_holding(place.folder.path(), SESSION.as_bytes()), Vec::<PathBuf>::new(), "after its end");
}

#[tokio::test]
async fn a_browser_that_a_killed_program_left_is_ended_at_the_next_start() {
    let tiktok = named("normal");
    let (left, next) = (Place::new(), Place::new());
    let mut visit = left.visit(&tiktok).await;
    events(&mut visit, 1).await;
    let [folder] = &left.browsers()[..] else { panic!("one browser runs") };
    // As it lies there when the process that had it locked is gone.
    let leftover = next.folder.path().join("cuelight-chrome-left");
    fs::create_dir_all(leftover.join("profile")).expect("writable");
    fs::set_permissions(&leftover, fs::Permissions::from_mode(0o700)).expect("it is ours");
    fs::copy(folder.join("devtools"), leftover.join("devtools")).expect("readable");
    assert!(!processes_in(folder).is_empty(), "it runs");

    let found = next.chrome().probe().await.expect("a browser is there");
    assert!(found.version.contains('/'), "{found:?} names its version");
    assert_eq!(next.browsers(), Vec::<PathBuf>::new(), "the folder is removed");
    eventually("an end of the browser", async || processes_in(folder).is_empty().then_some(())).await;
    let cause = super::end_of(&mut visit).await;
    assert!(cause.contains("closed") || cause.contains("went away"), "it was ended in order: {cause}");
}

#[tokio::test]
async fn a_page_that_is_only_listened_to_asks_nobody_but_tiktok() {
    let tiktok = named("normal");
    let address = tiktok.address();
    let proxy = std::thread::spawn(move || RecordingProxy::letting_through(address)).join().expect("it starts");
    let place = Place::with_flags([
        format!("--proxy-server={}", proxy.url()),
        // Addresses on loopback as well.
        "--proxy-bypass-list=<-loopback>".to_owned(),
    ]);
    let mut visit = place.visit(&tiktok).await;
    events(&mut visit, 1).await;
    visit.close().await;
    let asked: Vec<String> = proxy.asked().into_iter().collect();
    assert_eq!(asked, [tiktok.address().to_string()], "whatever browsers do of their own accord");
}

#[test]
fn the_environment_names_the_browser_and_its_flags() {
    // The program as it was built, since the environment belongs to everybody in this one.
    let mut doctor = program::cuelight();
    let place = Place::new();
    doctor.arg("doctor").env("CUELIGHT_DATA_DIR", place.folder.path()).env("CUELIGHT_CHROME", "/nowhere/chrome");
    let said = doctor.output().expect("cuelight starts");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("/nowhere/chrome"), "what was named is looked for: {said}");
}
