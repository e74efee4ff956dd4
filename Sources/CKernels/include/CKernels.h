/// Vector operations that Swift's SIMD types do not yet turn into single instructions.
///
/// Each function is plain C on Clang's vector extension, so that it is right on every processor and one or two
/// instructions where the processor has them. Swift inlines them from this header.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#include "CKMesh.h"
#include "CKPhases.h"

#define CK_INLINE static inline __attribute__((always_inline))

/// Tells the processor that a thread is waiting for another one in a short loop.
CK_INLINE void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb");
#endif
}

typedef float ck_float4 __attribute__((ext_vector_type(4)));
typedef float ck_float16 __attribute__((ext_vector_type(16)));
typedef double ck_double4 __attribute__((ext_vector_type(4)));
typedef double ck_double8 __attribute__((ext_vector_type(8)));
typedef uint32_t ck_uint16 __attribute__((ext_vector_type(16)));
typedef uint64_t ck_ulong8 __attribute__((ext_vector_type(8)));

/// Rows as they lie in memory, with the alignment of their elements.
typedef float ck_row4f __attribute__((ext_vector_type(4), aligned(4)));
typedef float ck_columns16 __attribute__((ext_vector_type(16), aligned(4)));
typedef double ck_row4d __attribute__((ext_vector_type(4), aligned(8)));

/// An entry of a packed neighbour list: an atom in the low bits, a lattice shift in the high ones.
enum { CK_SHIFT_POSITION = 25, CK_ATOM_MASK = 0x1ffffff };

/// Four coefficients for each lane.
typedef struct {
  ck_float16 c0, c1, c2, c3;
} ck_coefficients16;

/// `value` where `u < limit`, 0 elsewhere.
CK_INLINE ck_float16 ck_keep16(ck_float16 value, ck_float16 u, ck_float16 limit) {
  return u < limit ? value : (ck_float16)0.0f;
}
CK_INLINE ck_double8 ck_keep8(ck_double8 value, ck_double8 u, ck_double8 limit) {
  return u < limit ? value : (ck_double8)0.0;
}

/// Whether any lane of `u` is below the limit.
CK_INLINE int ck_any16(ck_float16 u, ck_float16 limit) { return __builtin_reduce_or((u < limit)) != 0; }
CK_INLINE int ck_any8(ck_double8 u, ck_double8 limit) { return __builtin_reduce_or((u < limit)) != 0; }

typedef float ck_float8 __attribute__((ext_vector_type(8)));
typedef _Bool ck_bool16 __attribute__((ext_vector_type(16)));
typedef _Bool ck_bool8 __attribute__((ext_vector_type(8)));

/// A bit for each lane that is below the limit.
CK_INLINE uint16_t ck_mask16(ck_float16 u, ck_float16 limit) {
  return __builtin_bit_cast(uint16_t, __builtin_convertvector(u < limit, ck_bool16));
}
CK_INLINE uint8_t ck_mask8(ck_float8 u, ck_float8 limit) {
  return __builtin_bit_cast(uint8_t, __builtin_convertvector(u < limit, ck_bool8));
}

/// Turns sixteen rows of four into four columns of sixteen.
CK_INLINE ck_coefficients16 ck_transpose16(
    ck_float4 a0, ck_float4 a1, ck_float4 a2, ck_float4 a3, ck_float4 a4, ck_float4 a5, ck_float4 a6, ck_float4 a7,
    ck_float4 a8, ck_float4 a9, ck_float4 a10, ck_float4 a11, ck_float4 a12, ck_float4 a13, ck_float4 a14, ck_float4 a15) {
#define CK_JOIN(p, q, r, s)                                                                                     \
  __builtin_shufflevector(__builtin_shufflevector(p, q, 0, 1, 2, 3, 4, 5, 6, 7),                                \
                          __builtin_shufflevector(r, s, 0, 1, 2, 3, 4, 5, 6, 7),                                \
                          0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define CK_LOW(p, q)                                                                                            \
  __builtin_shufflevector(p, q, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define CK_HIGH(p, q)                                                                                           \
  __builtin_shufflevector(p, q, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define CK_FIRST(p, q)                                                                                          \
  __builtin_shufflevector(p, q, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define CK_SECOND(p, q)                                                                                         \
  __builtin_shufflevector(p, q, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
  ck_float16 r0 = CK_JOIN(a0, a4, a8, a12), r1 = CK_JOIN(a1, a5, a9, a13);
  ck_float16 r2 = CK_JOIN(a2, a6, a10, a14), r3 = CK_JOIN(a3, a7, a11, a15);
  ck_float16 low01 = CK_LOW(r0, r1), low23 = CK_LOW(r2, r3);
  ck_float16 high01 = CK_HIGH(r0, r1), high23 = CK_HIGH(r2, r3);
  ck_coefficients16 c;
  c.c0 = CK_FIRST(low01, low23);
  c.c1 = CK_SECOND(low01, low23);
  c.c2 = CK_FIRST(high01, high23);
  c.c3 = CK_SECOND(high01, high23);
  return c;
}

/// A table of cubics in single precision, for arguments from `low` to `high`.
///
/// The exponent and the first 6 bits of the mantissa choose the interval; `rows` holds its four coefficients in powers of the
/// distance from its start. Arguments outside are taken as the nearer end; what is not a number, as `high`.
CK_INLINE ck_float16 ck_interpolate16(const float *rows, ck_float16 x, float low, float high) {
  ck_float16 first = low, last = high;
  x = x < last ? x : last;
  x = x > first ? x : first;
  ck_uint16 bits = (ck_uint16)x;
  // 16 bytes a row: the interval's number, times 16, counted from that of `low`.
  ck_uint16 byte = ((bits >> 13) & ~15u) - ((__builtin_bit_cast(uint32_t, low) >> 13) & ~15u);
  ck_float16 t = x - (ck_float16)(bits & ~0x1ffffu);
  // By way of memory: sixteen loads cost less than sixteen moves from vector to scalar registers.
  union {
    ck_uint16 vector;
    uint32_t lane[16];
  } start = {byte};
  __asm__("" : "+m"(start));
#define CK_ROW(number) ((ck_float4)(*(const ck_row4f *)((const char *)rows + start.lane[number])))
  ck_coefficients16 c =
      ck_transpose16(CK_ROW(0), CK_ROW(1), CK_ROW(2), CK_ROW(3), CK_ROW(4), CK_ROW(5), CK_ROW(6), CK_ROW(7), CK_ROW(8),
                     CK_ROW(9), CK_ROW(10), CK_ROW(11), CK_ROW(12), CK_ROW(13), CK_ROW(14), CK_ROW(15));
  ck_float16 value = __builtin_elementwise_fma(c.c3, t, c.c2);
  value = __builtin_elementwise_fma(value, t, c.c1);
  return __builtin_elementwise_fma(value, t, c.c0);
}

/// The same in double precision, with 9 bits of the mantissa.
CK_INLINE ck_double8 ck_interpolate8(const double *rows, ck_double8 x, double low, double high) {
  ck_double8 first = low, last = high;
  x = x < last ? x : last;
  x = x > first ? x : first;
  ck_ulong8 bits = (ck_ulong8)x;
  ck_ulong8 interval = (bits >> 43) - (__builtin_bit_cast(uint64_t, low) >> 43);
  ck_double8 t = x - (ck_double8)(bits & ~0x7ffffffffffull);
  ck_double8 c0, c1, c2, c3;
  for (int lane = 0; lane < 8; lane++) {
    ck_row4d row = *(const ck_row4d *)(rows + 4 * interval[lane]);
    c0[lane] = row.x;
    c1[lane] = row.y;
    c2[lane] = row.z;
    c3[lane] = row.w;
  }
  ck_double8 value = __builtin_elementwise_fma(c3, t, c2);
  value = __builtin_elementwise_fma(value, t, c1);
  return __builtin_elementwise_fma(value, t, c0);
}

/// Lays sixteen positions (rows of four) out in columns, each moved by its lattice shift and taken relative to a centre.
CK_INLINE void ck_stage16(const double *position, const double *shift, const uint32_t *entry, const double *centre, float *x,
                          float *y, float *z) {
  ck_double4 origin = (ck_double4)(*(const ck_row4d *)centre);
#define CK_POINT(lane)                                                                                          \
  __builtin_convertvector(                                                                                      \
      ((ck_double4)(*(const ck_row4d *)(position + 4 * (long)(entry[lane] & CK_ATOM_MASK))) +                   \
       (ck_double4)(*(const ck_row4d *)(shift + 4 * (entry[lane] >> CK_SHIFT_POSITION)))) - origin,             \
      ck_float4)
  ck_coefficients16 c =
      ck_transpose16(CK_POINT(0), CK_POINT(1), CK_POINT(2), CK_POINT(3), CK_POINT(4), CK_POINT(5), CK_POINT(6), CK_POINT(7),
                     CK_POINT(8), CK_POINT(9), CK_POINT(10), CK_POINT(11), CK_POINT(12), CK_POINT(13), CK_POINT(14),
                     CK_POINT(15));
  *(ck_columns16 *)x = c.c0;
  *(ck_columns16 *)y = c.c1;
  *(ck_columns16 *)z = c.c2;
}

/// Adds sixteen single-precision forces in columns to rows of four doubles.
CK_INLINE void ck_scatter16(double *force, const uint32_t *row, ck_float16 x, ck_float16 y, ck_float16 z) {
  ck_float16 zero = 0;
  ck_float16 low01 = CK_LOW(x, y), low23 = CK_LOW(z, zero);
  ck_float16 high01 = CK_HIGH(x, y), high23 = CK_HIGH(z, zero);
  ck_float16 rows[4] = {CK_FIRST(low01, low23), CK_SECOND(low01, low23), CK_FIRST(high01, high23),
                        CK_SECOND(high01, high23)};
#pragma clang loop unroll(full)
  for (int lane = 0; lane < 16; lane++) {
    ck_float16 values = rows[lane & 3];
    int at = lane & ~3;
    *(ck_row4d *)(force + 4 * (long)row[lane]) += (ck_double4){values[at], values[at + 1], values[at + 2], 0};
  }
}

/// a b + c, rounded once: Swift's own makes eight scalar operations of it.
CK_INLINE ck_double8 ck_fma8(ck_double8 a, ck_double8 b, ck_double8 c) { return __builtin_elementwise_fma(a, b, c); }

CK_INLINE ck_double8 ck_sqrt8(ck_double8 a) { return __builtin_elementwise_sqrt(a); }

/// The number of cores that this process may run on, at least 1.
int ck_available_cores(void);

#endif
