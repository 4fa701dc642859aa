//! Promises to the user that the whole program keeps, one file each.

mod direct;
