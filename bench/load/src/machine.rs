//! Where the numbers come from: they mean little without it.

use std::fs;

use anyhow::Result;

pub(crate) fn description() -> Result<String> {
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let model = field(&processors, "model name")
        .unwrap_or("unknown processor")
        .to_owned();
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kilobytes: u64 = field(&memory, "MemTotal")
        .and_then(|value| value.split(' ').next()?.parse().ok())
        .unwrap_or(0);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let cores = std::thread::available_parallelism()?;
    Ok(format!(
        "{model}, {cores} cores, {} GiB, Linux {}",
        kilobytes >> 20,
        kernel.trim()
    ))
}

/// The load averages over one, five and fifteen minutes.
pub(crate) fn load() -> Result<String> {
    let load = fs::read_to_string("/proc/loadavg")?;
    Ok(load.split(' ').take(3).collect::<Vec<_>>().join(" "))
}

/// The value of the first `name: value` line.
pub(crate) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}
