// Products of tiles: 16 outputs by 32 inputs of the weight, as it lies in memory, times 16 pairs of
// inputs by 16 rows, as arrange() lays them.
#include <cstring>

#include "linear_bf16_columns.h"
#include "lumina/status.h"

namespace lumina::kernels {

#ifdef LUMINA_HAS_AVX512_CODE
namespace {

constexpr std::int64_t kTileOutputs = 16;
constexpr std::int64_t kTileInputs = 32;
constexpr std::int64_t kOutputsTogether = 2 * kTileOutputs;
// Bytes of a weight's row that are fetched ahead: 32 rows at once are more than processors follow.
constexpr std::int64_t kAhead = 512;

// As the processor reads it: palette 1, all eight tiles of 16 rows of 64 bytes.
struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);

constexpr TileConfig kConfig;

// The last inputs of the weight's rows, filled up with zeros to a whole tile.
void copy_tail(const Bf16LinearArguments& a, std::int64_t n, std::int64_t k, std::uint16_t* to) {
  std::memset(to, 0, kOutputsTogether * kTileInputs * sizeof *to);
  for (std::int64_t r = 0; r < kOutputsTogether; ++r) {
    std::memcpy(to + r * kTileInputs, a.weight + (n + r) * a.in + k, (a.in - k) * sizeof *to);
  }
}

// Tiles 0 .. 3: sums of outputs n.. by the first and second group, n + 16.. by the same. 4, 5: the
// weight; 6, 7: the rows.
template <int G>
LUMINA_AMX void multiply_tiles(const std::uint16_t* weight, std::int64_t weight_stride,
                               const std::uint16_t* x, std::int64_t x_stride) {
  _tile_loadd(6, x, x_stride);
  _tile_loadd(4, weight, weight_stride);
  _tile_dpbf16ps(0, 4, 6);
  if constexpr (G == 2) {
    _tile_loadd(7, x + 2 * kGroup, x_stride);
    _tile_dpbf16ps(1, 4, 7);
  }
  _tile_loadd(5, weight + kTileOutputs * weight_stride / 2, weight_stride);
  _tile_dpbf16ps(2, 5, 6);
  if constexpr (G == 2) _tile_dpbf16ps(3, 5, 7);
}

// Sixteen outputs of one group of rows, from their sums.
LUMINA_AVX512 void write_tile(const Bf16LinearArguments& a, const float (&sums)[16][16],
                              std::int64_t begin, std::int64_t n) {
  alignas(32) std::uint16_t rounded[kTileOutputs][kGroup];
  for (std::int64_t r = 0; r < kTileOutputs; ++r) {
    const __m512 bias = _mm512_set1_ps(a.bias == nullptr ? 0.0f : a.bias[n + r]);
    _mm256_store_si256(reinterpret_cast<__m256i*>(rounded[r]),
                       narrow(_mm512_add_ps(load(sums[r]), bias)));
  }
  const std::int64_t count = std::min(kGroup, a.rows - begin);
  for (std::int64_t r = 0; r < kTileOutputs; r += 8) {
    write_eight_outputs(rounded[r], kGroup, count, a.y + begin * a.out + n + r, a.out);
  }
}

// Outputs n .. n + 31 of G groups of rows that begin at row `begin`.
template <int G>
LUMINA_AMX void block(const Bf16LinearArguments& a, std::int64_t begin, std::int64_t n) {
  const std::int64_t x_stride = groups(a.rows) * kGroup * 2;  // numbers of one pair of inputs
  const std::uint16_t* x = a.columns + begin * 2;
  const std::uint16_t* weight = a.weight + n * a.in;
  const std::int64_t whole = a.in - a.in % kTileInputs;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::int64_t k = 0; k < whole; k += kTileInputs, x += kGroup * x_stride) {
    for (std::int64_t r = 0; r < kOutputsTogether; ++r) {
      _mm_prefetch(reinterpret_cast<const char*>(weight + r * a.in + k) + kAhead, _MM_HINT_T0);
    }
    multiply_tiles<G>(weight + k, 2 * a.in, x, 2 * x_stride);
  }
  if (whole < a.in) {
    alignas(64) std::uint16_t tail[kOutputsTogether * kTileInputs];
    copy_tail(a, n, whole, tail);
    // The intrinsics do not tell the compiler that they read memory.
    __asm__ volatile("" : : "r"(tail) : "memory");
    multiply_tiles<G>(tail, 2 * kTileInputs, x, 2 * x_stride);
  }

  alignas(64) float sums[4][16][16];
  _tile_stored(0, sums[0], 64);
  _tile_stored(2, sums[2], 64);
  write_tile(a, sums[0], begin, n);
  write_tile(a, sums[2], begin, n + kTileOutputs);
  if constexpr (G == 2) {
    _tile_stored(1, sums[1], 64);
    _tile_stored(3, sums[3], 64);
    write_tile(a, sums[1], begin + kGroup, n);
    write_tile(a, sums[3], begin + kGroup, n + kTileOutputs);
  }
}

}  // namespace

LUMINA_AMX std::int64_t linear_amx(const Bf16LinearArguments& a, std::int64_t first,
                                   std::int64_t last) {
  std::int64_t n = first;
  if (n + kOutputsTogether > last) return n;
  _tile_loadconfig(&kConfig);
  for (; n + kOutputsTogether <= last; n += kOutputsTogether) {
    std::int64_t begin = 0;
    for (; begin + kGroup < a.rows; begin += 2 * kGroup) block<2>(a, begin, n);
    if (begin < a.rows) block<1>(a, begin, n);
  }
  _tile_release();
  return n;
}

#else

std::int64_t linear_amx(const Bf16LinearArguments&, std::int64_t, std::int64_t) {
  throw Error(ErrorCode::kInternal, "this processor family has no such kernel");
}

#endif

}  // namespace lumina::kernels
