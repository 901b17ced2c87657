//! A small instruct model run in-process.
