//! The pages behind the links of mails.

use std::sync::{Arc, Mutex};

use actix_web::{http::Method, test::TestRequest, web};

use super::{House, ask, config, development, house};
use crate::http::{Mode, TransportConfig};
use crate::limits::Limits;
use crate::seam::{ConsentLinks, FollowedLink, LinkAnswer};

type Followed = Arc<Mutex<Vec<(&'static str, FollowedLink)>>>;

/// A transport whose links note that they were followed, and answer always the same.
fn desk(config: TransportConfig, answer: LinkAnswer) -> (web::Data<House>, Followed) {
    let followed = Followed::default();
    let note = |act: &'static str| {
        let followed = Arc::clone(&followed);
        move |link: FollowedLink| {
            followed.lock().unwrap().push((act, link));
            async move { answer }
        }
    };
    let links = ConsentLinks::new(note("confirm"), note("withdraw"));
    (house(TransportConfig { consent: Some(links), ..config }), followed)
}

fn get(uri: &str) -> TestRequest {
    TestRequest::get().uri(uri)
}

fn form(uri: &str, body: &'static str) -> TestRequest {
    TestRequest::post().uri(uri).insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(body)
}

#[actix_web::test]
async fn opening_a_link_shows_a_button_and_does_nothing() {
    let (house, followed) = desk(development(), LinkAnswer::Received);
    for (uri, words) in [
        ("/consent/confirm?token=ffc_abc&lang=de", ["Ich willige ein", "value=\"ffc_abc\"", "lang=\"de\""]),
        ("/consent/confirm?token=ffc_abc", ["I agree", "action=\"confirm\"", "lang=\"en\""]),
        ("/consent/withdraw?token=ffw_abc&lang=de-AT", ["Ich widerrufe", "action=\"withdraw\"", "name=\"everything\""]),
        ("/consent/withdraw", ["I withdraw", "value=\"\"", "method=\"post\""]),
    ] {
        let page = ask(&house, get(uri)).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        for word in words {
            assert!(page.text().contains(word), "{uri}: {word}\n{}", page.text());
        }
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("no-store", "noindex"));
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(ask(&house, get(uri).method(Method::HEAD)).await.status, 200);
    }
    let german = ask(&house, get("/consent/confirm").insert_header(("accept-language", "de-DE,de;q=0.9,en;q=0.5"))).await;
    assert_eq!(german.header("content-language"), "de");
    assert!(followed.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn a_link_cannot_write_into_the_page() {
    let (house, _) = desk(development(), LinkAnswer::Received);
    for token in ["%22%3E%3Cscript%3E", "a%20b", "%00", "%C3%BC", &"a".repeat(65)] {
        let page = ask(&house, get(&format!("/consent/confirm?token={token}&lang=%22%3E"))).await;
        assert!(page.text().contains("name=\"token\" value=\"\""), "{token}");
        assert!(!page.text().contains("<script"), "{token}");
    }
}

#[actix_web::test]
async fn the_button_follows_the_link() {
    let (house, followed) = desk(development(), LinkAnswer::Received);
    let page = ask(&house, form("/consent/confirm", "token=ffc_abc&lang=de")).await;
    assert_eq!((page.status, page.header("content-language")), (200, "de"));
    assert!(page.text().contains("Vielen Dank"));
    ask(&house, form("/consent/withdraw?token=ffw_other&lang=en", "token=ffw_abc&everything=yes")).await;
    let seen: Vec<_> = followed.lock().unwrap().iter().map(|(act, link)| (*act, link.token.clone(), link.everything)).collect();
    assert_eq!(seen, [("confirm", "ffc_abc".to_owned(), false), ("withdraw", "ffw_abc".to_owned(), true)]);
    let from = followed.lock().unwrap()[0].1.meta.client_ip;
    assert_eq!(from, "192.0.2.1".parse().ok());
}

#[actix_web::test]
async fn a_mail_program_withdraws_by_one_click() {
    let (house, followed) = desk(development(), LinkAnswer::Received);
    let uri = "/consent/withdraw?token=ffw_abc&lang=en";
    let page = ask(&house, form(uri, "List-Unsubscribe=One-Click")).await;
    assert_eq!(page.status, 200);
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    let request = TestRequest::post().uri(uri).insert_header(("content-type", "multipart/form-data; boundary=x"));
    assert_eq!(ask(&house, request.set_payload(multipart)).await.status, 200);
    assert_eq!(ask(&house, TestRequest::post().uri(uri)).await.status, 200);
    let seen: Vec<_> = followed.lock().unwrap().iter().map(|(act, link)| (*act, link.token.clone())).collect();
    assert_eq!(seen, vec![("withdraw", "ffw_abc".to_owned()); 3]);
}

#[actix_web::test]
async fn what_cannot_be_followed_now_says_to_come_back() {
    let (house, _) = desk(development(), LinkAnswer::TooMany { retry_after_s: 7 });
    let page = ask(&house, form("/consent/confirm", "token=ffc_abc")).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "7"));
    let (house, _) = desk(development(), LinkAnswer::Unavailable);
    assert_eq!(ask(&house, form("/consent/confirm", "token=ffc_abc")).await.status, 503);
    let limits = Limits { rate_points_per_minute: 2, ..Limits::default() };
    let (house, followed) = desk(config(Mode::Production, limits), LinkAnswer::Received);
    let mut last = 0;
    for _ in 0..4 {
        last = ask(&house, form("/consent/confirm", "token=ffc_abc")).await.status;
    }
    assert_eq!((last, followed.lock().unwrap().len()), (429, 2));
}

#[actix_web::test]
async fn other_methods_and_missing_desks_are_told() {
    let (desk, _) = desk(development(), LinkAnswer::Received);
    let put = ask(&desk, TestRequest::put().uri("/consent/confirm")).await;
    assert_eq!((put.status, put.header("allow")), (405, "GET, HEAD, POST"));
    let large = TestRequest::post().uri("/consent/confirm").set_payload(vec![b'a'; 5_000]);
    assert_eq!(ask(&desk, large).await.status, 413);
    let none = house(development());
    for request in [get("/consent/confirm"), form("/consent/withdraw", "token=a")] {
        assert_eq!(ask(&none, request).await.status, 404);
    }
}
