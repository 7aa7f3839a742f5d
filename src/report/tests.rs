//! Structure of reports, without a browser.
