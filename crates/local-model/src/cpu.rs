//! Whether this processor can run this program at all.
//!
//! The standard macro cannot say: what the compiler was told to use always looks present to it. So the
//! processor itself is asked, and, by the size of the registers it saves, the operating system.

/// The features of x86-64-v3 that the processor or the operating system lacks, in one line for people;
/// `None` when nothing is missing, and on other architectures.
#[cfg(target_arch = "x86_64")]
pub fn missing() -> Option<String> {
    missing_of(&raw_cpuid::CpuId::new())
}

/// The features that the processor lacks: nothing is asked of this architecture.
#[cfg(not(target_arch = "x86_64"))]
pub fn missing() -> Option<String> {
    None
}

#[cfg(target_arch = "x86_64")]
fn missing_of<R: raw_cpuid::CpuIdReader>(cpu: &raw_cpuid::CpuId<R>) -> Option<String> {
    /// Bytes to save the registers of AVX together with the older ones.
    const AVX_STATE: u32 = 832;
    let basic = cpu.get_feature_info();
    let extended = cpu.get_extended_feature_info();
    let processor = cpu.get_extended_processor_and_feature_identifiers();
    let state = cpu.get_extended_state_info();
    let has = |feature: fn(&raw_cpuid::FeatureInfo) -> bool| basic.as_ref().is_some_and(feature);
    let is_saved = has(raw_cpuid::FeatureInfo::has_oxsave)
        && state.is_some_and(|state| state.xsave_area_size_enabled_features() >= AVX_STATE);
    let features = [
        ("SSE4.2", has(raw_cpuid::FeatureInfo::has_sse42)),
        ("POPCNT", has(raw_cpuid::FeatureInfo::has_popcnt)),
        ("MOVBE", has(raw_cpuid::FeatureInfo::has_movbe)),
        ("F16C", has(raw_cpuid::FeatureInfo::has_f16c)),
        ("FMA", has(raw_cpuid::FeatureInfo::has_fma)),
        ("AVX", has(raw_cpuid::FeatureInfo::has_avx)),
        (
            "AVX2",
            extended
                .as_ref()
                .is_some_and(raw_cpuid::ExtendedFeatures::has_avx2),
        ),
        (
            "BMI1",
            extended
                .as_ref()
                .is_some_and(raw_cpuid::ExtendedFeatures::has_bmi1),
        ),
        (
            "BMI2",
            extended
                .as_ref()
                .is_some_and(raw_cpuid::ExtendedFeatures::has_bmi2),
        ),
        (
            "LZCNT",
            processor.is_some_and(|processor| processor.has_lzcnt()),
        ),
        ("AVX state saved by the operating system", is_saved),
    ];
    let missing: Vec<&str> = features
        .iter()
        .filter(|(_, is_there)| !is_there)
        .map(|(name, _)| *name)
        .collect();
    if missing.is_empty() {
        return None;
    }
    Some(format!(
        "this program is built for x86-64-v3, but this machine lacks {}; build it on this machine for \
         an older processor, or run it on one made since about 2015",
        missing.join(", ")
    ))
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use raw_cpuid::{CpuId, CpuIdReader, CpuIdResult};

    use super::*;

    /// The processor of this machine with one register of one leaf changed.
    #[derive(Clone)]
    struct Altered(u32, fn(&mut CpuIdResult));

    impl CpuIdReader for Altered {
        fn cpuid2(&self, leaf: u32, subleaf: u32) -> CpuIdResult {
            let mut result = raw_cpuid::native_cpuid::cpuid_count(leaf, subleaf);
            if leaf == self.0 {
                (self.1)(&mut result);
            }
            result
        }
    }

    #[test]
    fn this_machine_has_what_it_was_built_for() {
        assert_eq!(missing(), None);
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = |leaf, alter| missing_of(&CpuId::with_cpuid_reader(Altered(leaf, alter)));
        let line = without(7, |result| result.ebx &= !(1 << 5)).unwrap();
        assert!(line.contains("lacks AVX2;"), "{line}");
        let line = without(1, |result| result.ecx &= !(1 << 12 | 1 << 29)).unwrap();
        assert!(line.contains("lacks F16C, FMA;"), "{line}");
        let line = without(0xD, |result| result.ebx = 576).unwrap();
        assert!(line.contains("saved by the operating system"), "{line}");
    }
}
