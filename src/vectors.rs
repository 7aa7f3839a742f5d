//! Functions compiled twice: for any processor, and for those with 256-bit vectors, on which a mask takes half the
//! instructions.

/// True if this processor has what [`compiled_twice`] compiles for.
#[cfg(target_arch = "x86_64")]
pub fn are_there() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
}

/// Elsewhere everything is compiled once.
#[cfg(not(target_arch = "x86_64"))]
pub fn are_there() -> bool {
    false
}

/// Defines a function with one more argument in front: whether [`are_there`] was true. What it calls has to be inlined into
/// it to be compiled for vectors too (a closure that does the work is not, and the compiler leaves it without).
macro_rules! compiled_twice {
    (fn $name:ident$(<$generic:ident: $bound:path>)?($($argument:ident: $type:ty),* $(,)?) -> $result:ty $body:block) => {
        #[allow(unsafe_code)]
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_variables))]
        #[inline]
        fn $name$(<$generic: $bound>)?(has_vectors: bool, $($argument: $type),*) -> $result {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
                fn compiled$(<$generic: $bound>)?($($argument: $type),*) -> $result $body
                if has_vectors {
                    // SAFETY: the processor has these features.
                    return unsafe { compiled($($argument),*) };
                }
            }
            $body
        }
    };
}

pub(crate) use compiled_twice;
