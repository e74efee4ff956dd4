/// Loops between charges and a mesh, for particle-mesh Ewald.
///
/// A charge touches `order` points along each edge, of which those along the last edge lie one after the other: they are taken
/// eight at a time, with weights of 0 beyond the order. Swift passes the order as a literal, so that the loops are unrolled.
#ifndef CKMESH_H
#define CKMESH_H

#define CK_MESH_INLINE static inline __attribute__((always_inline))

typedef float ck_mesh8f __attribute__((ext_vector_type(8)));
typedef double ck_mesh8d __attribute__((ext_vector_type(8)));
typedef float ck_meshrow8f __attribute__((ext_vector_type(8), aligned(4)));
typedef double ck_meshrow8d __attribute__((ext_vector_type(8), aligned(8)));

/// `ck_mesh_spread`: adds the products of the weights to one plane of the mesh.
///   base: the first point of the row that `rows` counts from; rows: where each row begins; y, z: weights, eight of each.
///
/// `ck_mesh_slopes`: the derivatives of the potential along the three edges, in units of the spacing.
///   base: the first point; first, planes, pitch: the number of the first plane, how many there are, and how far apart they are;
///   w: eight weights along each edge, then eight slopes of weights along each edge; slopes: the three results.
#define CK_MESH_LOOPS(suffix, real, vector, row)                                                                       \
  CK_MESH_INLINE real ck_mesh_sum_##suffix(const vector *v) {                                                          \
    real a = ((*v)[0] + (*v)[4]) + ((*v)[2] + (*v)[6]), b = ((*v)[1] + (*v)[5]) + ((*v)[3] + (*v)[7]);                 \
    return a + b;                                                                                                      \
  }                                                                                                                    \
  CK_MESH_INLINE void ck_mesh_spread_##suffix(int order, real *base, const long *rows, real x, const real *y,          \
                                              const real *z) {                                                         \
    vector wz = *(const row *)z;                                                                                       \
    _Pragma("clang loop unroll(full)") for (int s = 0; s < order; s++) {                                               \
      row *at = (row *)(base + rows[s]);                                                                               \
      vector old = *at;                                                                                                \
      vector weight = x * y[s];                                                                                        \
      *at = __builtin_elementwise_fma(wz, weight, old);                                                                \
    }                                                                                                                  \
  }                                                                                                                    \
  CK_MESH_INLINE void ck_mesh_slopes_##suffix(int order, const real *base, const long *rows, long first, long planes,  \
                                              long pitch, const real *w, double *slopes) {                             \
    vector alongX = 0, alongY = 0, plain = 0;                                                                          \
    for (int t = 0; t < order; t++) {                                                                                  \
      long plane = first + t < planes ? first + t : first + t - planes;                                                \
      const real *start = base + plane * pitch;                                                                        \
      vector a = 0, b = 0;                                                                                             \
      _Pragma("clang loop unroll(full)") for (int s = 0; s < order; s++) {                                             \
        vector value = *(const row *)(start + rows[s]);                                                                \
        vector weight = w[8 + s], slope = w[32 + s];                                                                   \
        a = __builtin_elementwise_fma(value, weight, a);                                                               \
        b = __builtin_elementwise_fma(value, slope, b);                                                                \
      }                                                                                                                \
      vector weight = w[t], slope = w[24 + t];                                                                         \
      alongX = __builtin_elementwise_fma(a, slope, alongX);                                                            \
      alongY = __builtin_elementwise_fma(b, weight, alongY);                                                           \
      plain = __builtin_elementwise_fma(a, weight, plain);                                                             \
    }                                                                                                                  \
    vector wz = *(const row *)(w + 16), dz = *(const row *)(w + 40);                                                   \
    vector x = alongX * wz, y = alongY * wz, z = plain * dz;                                                           \
    slopes[0] = ck_mesh_sum_##suffix(&x);                                                                              \
    slopes[1] = ck_mesh_sum_##suffix(&y);                                                                              \
    slopes[2] = ck_mesh_sum_##suffix(&z);                                                                              \
  }

CK_MESH_LOOPS(f, float, ck_mesh8f, ck_meshrow8f)
CK_MESH_LOOPS(d, double, ck_mesh8d, ck_meshrow8d)

#endif
