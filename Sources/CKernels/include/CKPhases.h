/// Loops over the phases of atoms, for structure factors from reciprocal vectors.
///
/// A tile is a number of atoms (a multiple of 16) for which the phases along each edge of the cell, exp(2 pi i h x), are tabulated: a row for
/// each h, first the cosines of all atoms, then the sines.
#ifndef CKPHASES_H
#define CKPHASES_H

#define CK_PHASE_INLINE static inline __attribute__((always_inline))

typedef float ck_phase4 __attribute__((ext_vector_type(4)));
typedef float ck_phase8 __attribute__((ext_vector_type(8)));
typedef double ck_phase4d __attribute__((ext_vector_type(4)));
typedef double ck_phaserow4d __attribute__((ext_vector_type(4), aligned(8)));
typedef double ck_phaserow8d __attribute__((ext_vector_type(8), aligned(8)));
typedef float ck_phasestore8 __attribute__((ext_vector_type(8), aligned(4)));

#if defined(__AVX512F__)
enum { CK_PHASE_LANES = 16 };
typedef float ck_phaselanes __attribute__((ext_vector_type(16)));
typedef float ck_phaserow __attribute__((ext_vector_type(16), aligned(4)));
CK_PHASE_INLINE ck_phase8 ck_phase_half(ck_phaselanes v) { return v.lo + v.hi; }
#else
enum { CK_PHASE_LANES = 8 };
typedef float ck_phaselanes __attribute__((ext_vector_type(8)));
typedef float ck_phaserow __attribute__((ext_vector_type(8), aligned(4)));
CK_PHASE_INLINE ck_phase8 ck_phase_half(ck_phaselanes v) { return v; }
#endif

/// Sums of neighbouring lanes of two vectors.
CK_PHASE_INLINE ck_phase8 ck_phase_fold(ck_phase8 a, ck_phase8 b) {
  return __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) + __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
}

/// The sums over the lanes of four vectors.
CK_PHASE_INLINE ck_phase4d ck_phase_total(ck_phaselanes a, ck_phaselanes b, ck_phaselanes c, ck_phaselanes d) {
  ck_phase8 all = ck_phase_fold(
      ck_phase_fold(ck_phase_half(a), ck_phase_half(b)), ck_phase_fold(ck_phase_half(c), ck_phase_half(d)));
  return __builtin_convertvector(all.lo + all.hi, ck_phase4d);
}

/// Fills a table: row after row of powers of exp(2 pi i x).
///   cosine, sine: of 2 pi x for each atom; c, s: scratch for as many atoms; table: `rows` rows.
CK_PHASE_INLINE void ck_phase_table(long atoms, long rows, const double *cosine, const double *sine, double *c, double *s, float *table) {
  for (long i = 0; i < atoms; i++) {
    c[i] = 1;
    s[i] = 0;
  }
  for (long row = 0; row < rows; row++) {
    float *out = table + 2 * row * atoms;
    for (long i = 0; i < atoms; i += 8) {
      ck_phaserow8d *ci = (ck_phaserow8d *)(c + i), *si = (ck_phaserow8d *)(s + i);
      ck_phaserow8d cx = *ci, sx = *si, c1 = *(const ck_phaserow8d *)(cosine + i), s1 = *(const ck_phaserow8d *)(sine + i);
      *(ck_phasestore8 *)(out + i) = __builtin_convertvector(cx, ck_phase8);
      *(ck_phasestore8 *)(out + atoms + i) = __builtin_convertvector(sx, ck_phase8);
      *ci = __builtin_elementwise_fma(cx, c1, -(sx * s1));
      *si = __builtin_elementwise_fma(cx, s1, sx * c1);
    }
  }
}

/// Adds the sums over the atoms of a tile of all products of a cosine or sine along each edge.
///   x, y, z: tables; count: the number of triples; triples: three whole numbers h, k, l >= 0 each; sums: eight numbers a triple,
///   first those with the cosine along the third edge: c c, s s, c s, s c along the first two; then those with the sine.
CK_PHASE_INLINE void ck_phase_sums(long atoms, const float *x, const float *y, const float *z, long count, const int *triples, double *sums) {
  for (long t = 0; t < count; t++) {
    const float *px = x + 2 * atoms * triples[3 * t], *py = y + 2 * atoms * triples[3 * t + 1], *pz = z + 2 * atoms * triples[3 * t + 2];
    ck_phaselanes a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
    for (long i = 0; i < atoms; i += CK_PHASE_LANES) {
      ck_phaselanes cx = *(const ck_phaserow *)(px + i), sx = *(const ck_phaserow *)(px + atoms + i);
      ck_phaselanes cy = *(const ck_phaserow *)(py + i), sy = *(const ck_phaserow *)(py + atoms + i);
      ck_phaselanes cz = *(const ck_phaserow *)(pz + i), sz = *(const ck_phaserow *)(pz + atoms + i);
      ck_phaselanes cc = cx * cy, ss = sx * sy, cs = cx * sy, sc = sx * cy;
      a0 = __builtin_elementwise_fma(cc, cz, a0);
      a1 = __builtin_elementwise_fma(ss, cz, a1);
      a2 = __builtin_elementwise_fma(cs, cz, a2);
      a3 = __builtin_elementwise_fma(sc, cz, a3);
      b0 = __builtin_elementwise_fma(cc, sz, b0);
      b1 = __builtin_elementwise_fma(ss, sz, b1);
      b2 = __builtin_elementwise_fma(cs, sz, b2);
      b3 = __builtin_elementwise_fma(sc, sz, b3);
    }
    ck_phaserow4d *out = (ck_phaserow4d *)(sums + 8 * t);
    out[0] += ck_phase_total(a0, a1, a2, a3);
    out[1] += ck_phase_total(b0, b1, b2, b3);
  }
}

#endif
