/// Vector operations that Swift's SIMD types do not yet turn into single instructions.
///
/// Each function is plain C on Clang's vector extension, so that it is right on every processor and one or two
/// instructions where the processor has them. Swift inlines them from this header.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#define CK_INLINE static inline __attribute__((always_inline))

/// Tells the processor that a thread is waiting for another one in a short loop.
CK_INLINE void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb");
#endif
}

/// The number of cores that this process may run on, at least 1.
int ck_available_cores(void);

#endif
