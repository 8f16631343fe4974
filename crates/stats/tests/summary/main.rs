//! From journals with known numbers to what a report says of them.

mod build;
mod compare;
mod gate;
mod ideal;
mod latency;
mod memory;
mod noise;
mod rounds;
mod states;
