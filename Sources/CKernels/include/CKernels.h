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

typedef float ck_float4 __attribute__((ext_vector_type(4)));
typedef float ck_float16 __attribute__((ext_vector_type(16)));
typedef double ck_double4 __attribute__((ext_vector_type(4)));
typedef double ck_double8 __attribute__((ext_vector_type(8)));
typedef int32_t ck_int16 __attribute__((ext_vector_type(16)));
typedef int64_t ck_long8 __attribute__((ext_vector_type(8)));

/// Rows as they lie in memory, with the alignment of their elements.
typedef float ck_row4f __attribute__((ext_vector_type(4), aligned(4)));
typedef double ck_row4d __attribute__((ext_vector_type(4), aligned(8)));

/// An entry of a packed neighbour list: an atom in the low bits, a lattice shift in the high ones.
enum { CK_SHIFT_POSITION = 25, CK_ATOM_MASK = 0x1ffffff };

/// Four coefficients for each lane.
typedef struct {
  ck_float16 c0, c1, c2, c3;
} ck_coefficients16;
typedef struct {
  ck_double8 c0, c1, c2, c3;
} ck_coefficients8;

CK_INLINE ck_float16 ck_min16(ck_float16 a, ck_float16 b) { return __builtin_elementwise_min(a, b); }
CK_INLINE ck_float16 ck_max16(ck_float16 a, ck_float16 b) { return __builtin_elementwise_max(a, b); }
CK_INLINE ck_double8 ck_min8(ck_double8 a, ck_double8 b) { return __builtin_elementwise_min(a, b); }
CK_INLINE ck_double8 ck_max8(ck_double8 a, ck_double8 b) { return __builtin_elementwise_max(a, b); }

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

/// The four coefficients of each lane's interval: `table[4 * index + k]`.
CK_INLINE ck_coefficients16 ck_lookup16(const float *table, ck_int16 index) {
#define CK_ROW(lane) ((ck_float4)(*(const ck_row4f *)(table + 4 * (long)index[lane])))
  return ck_transpose16(CK_ROW(0), CK_ROW(1), CK_ROW(2), CK_ROW(3), CK_ROW(4), CK_ROW(5), CK_ROW(6), CK_ROW(7),
                        CK_ROW(8), CK_ROW(9), CK_ROW(10), CK_ROW(11), CK_ROW(12), CK_ROW(13), CK_ROW(14), CK_ROW(15));
}

CK_INLINE ck_coefficients8 ck_lookup8(const double *table, ck_long8 index) {
  ck_coefficients8 c;
  for (int lane = 0; lane < 8; lane++) {
    ck_row4d row = *(const ck_row4d *)(table + 4 * index[lane]);
    c.c0[lane] = row.x;
    c.c1[lane] = row.y;
    c.c2[lane] = row.z;
    c.c3[lane] = row.w;
  }
  return c;
}

/// Sixteen positions, each moved by its lattice shift and taken relative to a centre, in single precision as columns.
CK_INLINE ck_coefficients16 ck_gather16(const ck_row4d *position, const ck_row4d *shift, const uint32_t *entry,
                                        ck_double4 centre) {
#define CK_POINT(lane)                                                                                          \
  __builtin_convertvector((position[entry[lane] & CK_ATOM_MASK] + shift[entry[lane] >> CK_SHIFT_POSITION]) - centre, \
                          ck_float4)
  return ck_transpose16(CK_POINT(0), CK_POINT(1), CK_POINT(2), CK_POINT(3), CK_POINT(4), CK_POINT(5), CK_POINT(6),
                        CK_POINT(7), CK_POINT(8), CK_POINT(9), CK_POINT(10), CK_POINT(11), CK_POINT(12), CK_POINT(13),
                        CK_POINT(14), CK_POINT(15));
}

/// Adds sixteen single-precision forces to those of their atoms, which are counted from `first` round a ring of `count`.
CK_INLINE void ck_scatter16(ck_row4d *force, const uint32_t *entry, int32_t first, int32_t count, ck_float16 x,
                            ck_float16 y, ck_float16 z) {
  ck_float16 zero = 0;
  ck_float16 low01 = CK_LOW(x, y), low23 = CK_LOW(z, zero);
  ck_float16 high01 = CK_HIGH(x, y), high23 = CK_HIGH(z, zero);
  ck_float16 rows[4] = {CK_FIRST(low01, low23), CK_SECOND(low01, low23), CK_FIRST(high01, high23),
                        CK_SECOND(high01, high23)};
#pragma clang loop unroll(full)
  for (int lane = 0; lane < 16; lane++) {
    int32_t place = (int32_t)(entry[lane] & CK_ATOM_MASK) - first;
    place += place < 0 ? count : 0;
    ck_float16 row = rows[lane & 3];
    int at = lane & ~3;
    force[place] += (ck_double4){row[at], row[at + 1], row[at + 2], 0};
  }
}

/// The number of cores that this process may run on, at least 1.
int ck_available_cores(void);

#endif
