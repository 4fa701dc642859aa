//! A browser that leads nowhere, and counts what it was asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cuelight_runtime::source::page::{
    PageCookie, PageFault, PageFuture, PageHost, PageVisit, PageWanted, PersonWanted,
};
use cuelight_runtime::source::tiktok::means::Means;
use reqwest::Url;
use system_tests::FakeTikTok;

/// A browser whose pages all fail in the same way.
pub(super) struct Pages {
    fault: PageFault,
    /// The live ends while a page is opened.
    ends: Option<Arc<FakeTikTok>>,
    /// How many were.
    pub(super) opened: AtomicUsize,
    /// How often a person was asked.
    pub(super) asked: AtomicUsize,
}

impl Pages {
    /// Pages of that fault; the live of `ends` is over once one was opened.
    pub(super) fn failing(fault: PageFault, ends: Option<Arc<FakeTikTok>>) -> Arc<Self> {
        Arc::new(Self { fault, ends, opened: AtomicUsize::new(0), asked: AtomicUsize::new(0) })
    }

    /// Means with these pages, and nothing else.
    pub(super) fn means(self: &Arc<Self>) -> Means {
        Means { page: Some(Arc::clone(self) as Arc<dyn PageHost>), ..Means::default() }
    }
}

impl PageHost for Pages {
    fn visit<'a>(&'a self, _: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        if let Some(tiktok) = &self.ends {
            tiktok.set_live(false);
        }
        Box::pin(async { Err(self.fault.clone()) })
    }

    fn ask_person<'a>(
        &'a self,
        _: Url,
        _: Vec<PageCookie>,
        _: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Err(PageFault::Closed) })
    }

    fn has_screen(&self) -> bool {
        true
    }

    fn raise(&self) {}
}
