// Flash decoding: the keys of a row are shared out to blocks, each with a running softmax of its
// own, and a second kernel puts them together. Eight lanes hold a key, so a warp looks at four keys
// at once and a score takes three shuffles.
#include "kernels/cuda/kernels.h"
#include "kernels/cuda/launch.h"

namespace lumina::kernels::cuda {
namespace {

constexpr int kThreads = 128;
constexpr int kLanes = 8;                  // that hold one key
constexpr int kTeams = kThreads / kLanes;  // keys that a block looks at together
constexpr int kQueries = 4;                // of a block; their numbers stay in registers
constexpr unsigned kWarp = 0xffffffffu;

template <int N>
__device__ void load(const float* from, float (&to)[N]) {
#pragma unroll
  for (int i = 0; i < N; i += 4) {
    const float4 four = *reinterpret_cast<const float4*>(from + i);
    to[i] = four.x;
    to[i + 1] = four.y;
    to[i + 2] = four.z;
    to[i + 3] = four.w;
  }
}

template <int N>
__device__ void load(const __nv_bfloat16* from, float (&to)[N]) {
#pragma unroll
  for (int i = 0; i < N; i += 8) {
    const uint4 eight = *reinterpret_cast<const uint4*>(from + i);
    const unsigned pairs[4] = {eight.x, eight.y, eight.z, eight.w};
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      to[i + 2 * j] = __uint_as_float(pairs[j] << 16);
      to[i + 2 * j + 1] = __uint_as_float(pairs[j] & 0xffff0000u);
    }
  }
}

template <int N>
__device__ void load(const signed char* from, float (&to)[N]) {
#pragma unroll
  for (int i = 0; i < N; i += 8) {
    const uint2 eight = *reinterpret_cast<const uint2*>(from + i);
    const unsigned words[2] = {eight.x, eight.y};
#pragma unroll
    for (int j = 0; j < 8; ++j) {
      to[i + j] = static_cast<float>(static_cast<signed char>(words[j / 4] >> (8 * (j % 4))));
    }
  }
}

__device__ float to_float(float x) { return x; }
__device__ float to_float(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ void store(float x, float* to) { *to = x; }
__device__ void store(float x, __nv_bfloat16* to) { *to = __float2bfloat16(x); }

// Numbers of a query's part in the scratch: its sums, the largest score, the total weight.
__host__ __device__ constexpr int part_size(int d) { return d + 2; }

// Query i of a row and key/value head: head member i / window, token i % window.
__device__ std::int64_t query_index(const AttentionArguments& a, int row, int head, int i) {
  const std::int64_t query_head = head * a.group + i / a.window;
  return (static_cast<std::int64_t>(row) * a.kv_heads * a.group + query_head) * a.window +
         i % a.window;
}

// Grid: splits, rows * kv heads, blocks of kQueries queries.
template <typename Q, typename C, int D>
__global__ void __launch_bounds__(kThreads) attend_part(AttentionArguments a) {
  constexpr int kEach = D / kLanes;  // numbers of a lane
  __shared__ float shared_best[kTeams][kQueries];
  __shared__ float shared_total[kTeams][kQueries];
  __shared__ float shared_sums[kTeams][D];

  const int split = blockIdx.x, row = blockIdx.y / a.kv_heads, head = blockIdx.y % a.kv_heads;
  const int queries = a.group * a.window, first = blockIdx.z * kQueries;
  const int team = threadIdx.x / kLanes, lane = threadIdx.x % kLanes;
  const std::int64_t* positions = a.positions + static_cast<std::int64_t>(row) * a.window;
  const std::int64_t length = positions[a.window - 1] + 1;
  const std::int64_t chunk = (length + a.splits - 1) / a.splits;
  const std::int64_t begin = split * chunk;
  const std::int64_t end = begin + chunk < length ? begin + chunk : length;

  float q[kQueries][kEach], sums[kQueries][kEach], best[kQueries], total[kQueries];
  std::int64_t last[kQueries];
#pragma unroll
  for (int i = 0; i < kQueries; ++i) {
    const bool there = first + i < queries;
    last[i] = there ? positions[(first + i) % a.window] : -1;
    best[i] = -INFINITY;
    total[i] = 0.0f;
    const Q* from = static_cast<const Q*>(a.q) +
                    query_index(a, row, head, there ? first + i : 0) * D + lane * kEach;
#pragma unroll
    for (int e = 0; e < kEach; ++e) {
      q[i][e] = there ? to_float(from[e]) * a.scale : 0.0f;
      sums[i][e] = 0.0f;
    }
  }

  const std::int64_t at = row * a.row_stride + head * a.head_stride + lane * kEach;
  const C* k = static_cast<const C*>(a.k) + at;
  const C* v = static_cast<const C*>(a.v) + at;
  const std::int64_t scale_at = row * a.scale_row_stride + head * a.scale_head_stride;
  // Every lane of a warp makes as many turns, because they share their sums.
  for (std::int64_t base = begin; base < end; base += kTeams) {
    const std::int64_t key = base + team;
    const bool there = key < end;
    float numbers[kEach] = {}, values[kEach] = {};
    float k_scale = 1.0f, v_scale = 1.0f;
    if (there) {
      load(k + key * D, numbers);
      load(v + key * D, values);
      if (a.k_scale != nullptr) {
        k_scale = a.k_scale[scale_at + key];
        v_scale = a.v_scale[scale_at + key];
      }
    }
#pragma unroll
    for (int i = 0; i < kQueries; ++i) {
      float score = 0.0f;
      if (there) {
#pragma unroll
        for (int e = 0; e < kEach; ++e) score += q[i][e] * numbers[e];
      }
#pragma unroll
      for (int step = kLanes / 2; step > 0; step /= 2) {
        score += __shfl_xor_sync(kWarp, score, step);
      }
      if (!there || key > last[i]) continue;
      score *= k_scale;
      const float most = fmaxf(best[i], score);
      const float keep = __expf(best[i] - most);  // 0 at first: best is -inf
      const float weight = __expf(score - most);
      best[i] = most;
      total[i] = total[i] * keep + weight;
      const float part = weight * v_scale;
#pragma unroll
      for (int e = 0; e < kEach; ++e) sums[i][e] = sums[i][e] * keep + part * values[e];
    }
  }

  if (lane == 0) {
#pragma unroll
    for (int i = 0; i < kQueries; ++i) {
      shared_best[team][i] = best[i];
      shared_total[team][i] = total[i];
    }
  }
#pragma unroll
  for (int i = 0; i < kQueries; ++i) {
    __syncthreads();  // the sums of the query before are read
#pragma unroll
    for (int e = 0; e < kEach; ++e) shared_sums[team][lane * kEach + e] = sums[i][e];
    __syncthreads();
    if (first + i >= queries) continue;
    float most = -INFINITY;
    for (int t = 0; t < kTeams; ++t) most = fmaxf(most, shared_best[t][i]);
    float* out =
        a.scratch + (query_index(a, row, head, first + i) * a.splits + split) * part_size(D);
    for (int e = threadIdx.x; e < D; e += kThreads) {
      float sum = 0.0f;
      for (int t = 0; t < kTeams; ++t) {
        if (shared_best[t][i] > -INFINITY) {
          sum += shared_sums[t][e] * __expf(shared_best[t][i] - most);
        }
      }
      out[e] = sum;
    }
    if (threadIdx.x == 0) {
      float weight = 0.0f;
      for (int t = 0; t < kTeams; ++t) {
        if (shared_best[t][i] > -INFINITY) {
          weight += shared_total[t][i] * __expf(shared_best[t][i] - most);
        }
      }
      out[D] = most;
      out[D + 1] = weight;
    }
  }
}

// A block for every query, a thread for every number.
template <typename Q>
__global__ void join_parts(AttentionArguments a) {
  const std::int64_t query = blockIdx.x;
  const int size = part_size(a.d);
  const float* parts = a.scratch + query * a.splits * size;
  float most = -INFINITY;
  for (int s = 0; s < a.splits; ++s) most = fmaxf(most, parts[s * size + a.d]);
  float sum = 0.0f, weight = 0.0f;
  for (int s = 0; s < a.splits; ++s) {
    const float best = parts[s * size + a.d];
    if (best == -INFINITY) continue;  // nothing to see in that part
    const float share = __expf(best - most);
    sum += parts[s * size + threadIdx.x] * share;
    weight += parts[s * size + a.d + 1] * share;
  }
  store(sum / weight, static_cast<Q*>(a.out) + query * a.d + threadIdx.x);
}

template <typename Q, typename C, int D>
void launch(const AttentionArguments& a, cudaStream_t stream) {
  const int queries = a.group * a.window;
  const dim3 grid(a.splits, a.rows * a.kv_heads, (queries + kQueries - 1) / kQueries);
  LUMINA_LAUNCH((attend_part<Q, C, D>), grid, kThreads, stream, a);
  LUMINA_LAUNCH((join_parts<Q>), dim3(a.rows * a.kv_heads * queries), D, stream, a);
}

template <typename Q, typename C>
void launch(const AttentionArguments& a, cudaStream_t stream) {
  if (a.d == 64) {
    launch<Q, C, 64>(a, stream);
  } else {
    launch<Q, C, 128>(a, stream);
  }
}

template <typename Q>
void launch(const AttentionArguments& a, cudaStream_t stream) {
  switch (a.cache_element) {
    case Element::kFloat32: return launch<Q, float>(a, stream);
    case Element::kBFloat16: return launch<Q, __nv_bfloat16>(a, stream);
    case Element::kInt8: return launch<Q, signed char>(a, stream);
  }
}

}  // namespace

bool suits_attention(int d) { return d == 64 || d == 128; }

std::int64_t attention_scratch(const AttentionArguments& a) {
  return static_cast<std::int64_t>(a.rows) * a.kv_heads * a.group * a.window * a.splits *
         part_size(a.d);
}

void attend(const AttentionArguments& arguments, void* stream) {
  const auto order = static_cast<cudaStream_t>(stream);
  if (arguments.element == Element::kFloat32) {
    launch<float>(arguments, order);
  } else {
    launch<__nv_bfloat16>(arguments, order);
  }
}

}  // namespace lumina::kernels::cuda
