// Kernels for NVIDIA GPUs behind plain functions. Each works in the order of `stream` (a
// cudaStream_t), allocates nothing and waits for nothing, so that a CUDA graph can hold it; all
// pointers are to the device. A launch that failed is told by cudaGetLastError().
#pragma once

#include <cstdint>

namespace lumina::kernels::cuda {

enum class Element { kFloat32, kBFloat16, kInt8 };

// softmax(q kᵀ scale) v for few queries of every row over a cache of which only what is used is
// read. Twin: model::attend_at_plain().
struct AttentionArguments {
  static constexpr int kMostSplits = 32;

  const void* q = nullptr;  // [rows, kv heads * group, window, d], dense, of `element`
  void* out = nullptr;      // of the same shape
  Element element = Element::kBFloat16;
  const void* k = nullptr;  // [rows, kv heads, capacity, d], positions dense
  const void* v = nullptr;
  Element cache_element = Element::kBFloat16;
  const float* k_scale = nullptr;  // of kInt8: [rows, kv heads, capacity], positions dense
  const float* v_scale = nullptr;
  std::int64_t row_stride = 0, head_stride = 0;              // of k and v, in elements
  std::int64_t scale_row_stride = 0, scale_head_stride = 0;  // of the scales
  // [rows, window], each row's ascending: query w sees keys 0 .. positions[row][w].
  const std::int64_t* positions = nullptr;
  int rows = 0, kv_heads = 0, group = 0, window = 0;
  int d = 0;       // 64 or 128
  int splits = 1;  // parts that the keys of a row are shared out to, 1 .. kMostSplits
  float scale = 1.0f;
  float* scratch = nullptr;  // [attention_scratch()]
};

bool suits_attention(int d);
// Numbers that `scratch` has to hold.
std::int64_t attention_scratch(const AttentionArguments& arguments);
void attend(const AttentionArguments& arguments, void* stream);

// noise[p, w, i]: the Gumbel noise of candidate first_id + i at positions[p, w] under seeds[p]; [P,
// W, C]. Twin: sampling::GumbelNoise.
struct GumbelArguments {
  const std::int64_t* seeds = nullptr;      // [P]
  const std::int64_t* positions = nullptr;  // [P, W]
  double* noise = nullptr;                  // [P, W, C]
  std::int64_t pictures = 0, window = 0, count = 0;
  std::int64_t first_id = 0;
  std::uint32_t stream = 0;  // a sampling::NoiseStream
};

void fill_gumbel(const GumbelArguments& arguments, void* stream);

}  // namespace lumina::kernels::cuda
