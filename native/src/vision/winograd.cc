#include "vision/winograd.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstring>

#include "device/blas_threads.h"

namespace lumina::vision {
namespace {

constexpr int kPoints = 16;  // of a tile of 4x4 inputs, from which come 2x2 outputs
constexpr std::int64_t kLeastChannels = 64;
constexpr std::int64_t kLeastPixels = 256;
// Tiles that a thread transforms and multiplies together.
constexpr std::int64_t kLeastTiles = 64;
constexpr std::int64_t kMostTiles = 256;
constexpr std::int64_t kOutputsPerThread = 16;  // of the weights that are transformed

// Four channels at a time.
using Vector = float __attribute__((vector_size(16)));
constexpr std::int64_t kLanes = 4;

Vector load(const float* p) {
  Vector value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

void store(float* p, Vector value) { std::memcpy(p, &value, sizeof value); }

// weight [O, I, 3, 3] -> G g Gᵀ of each pair of channels: [16, O, I].
at::Tensor transformed_weights(const at::Tensor& weight) {
  const std::int64_t outputs = weight.size(0), inputs = weight.size(1), plane = outputs * inputs;
  const at::Tensor result = at::empty({kPoints, outputs, inputs}, weight.options());
  const at::Tensor dense = weight.contiguous();
  const float* from = dense.const_data_ptr<float>();
  float* to = result.data_ptr<float>();
  at::parallel_for(0, outputs, kOutputsPerThread, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t pair = begin * inputs; pair < end * inputs; ++pair) {
      const float* g = from + pair * 9;
      float rows[4][3];
      for (int c = 0; c < 3; ++c) {
        const float ends = g[c] + g[6 + c];
        rows[0][c] = g[c];
        rows[1][c] = 0.5f * (ends + g[3 + c]);
        rows[2][c] = 0.5f * (ends - g[3 + c]);
        rows[3][c] = g[6 + c];
      }
      float* u = to + pair;
      for (int r = 0; r < 4; ++r, u += 4 * plane) {
        const float ends = rows[r][0] + rows[r][2];
        u[0] = rows[r][0];
        u[plane] = 0.5f * (ends + rows[r][1]);
        u[2 * plane] = 0.5f * (ends - rows[r][1]);
        u[3 * plane] = rows[r][2];
      }
    }
  });
  return result;
}

// One picture's map, [height, width, channels].
struct Map {
  std::int64_t height, width, channels;
  bool contains(std::int64_t y, std::int64_t x) const {
    return y >= 0 && y < height && x >= 0 && x < width;
  }
  std::int64_t at(std::int64_t y, std::int64_t x) const { return (y * width + x) * channels; }
};

// Bᵀ d B of the inputs around outputs (y .. y + 1, x .. x + 1): point p at v + p * plane.
void transform_inputs(const Map& map, const float* values, std::int64_t y, std::int64_t x,
                      const float* zeros, float* v, std::int64_t plane) {
  const float* d[4][4];
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) {
      const std::int64_t row = y - 1 + r, column = x - 1 + c;
      d[r][c] = map.contains(row, column) ? values + map.at(row, column) : zeros;
    }
  }
  for (std::int64_t i = 0; i < map.channels; i += kLanes) {
    Vector t[4][4];
    for (int c = 0; c < 4; ++c) {
      const Vector d0 = load(d[0][c] + i), d1 = load(d[1][c] + i);
      const Vector d2 = load(d[2][c] + i), d3 = load(d[3][c] + i);
      t[0][c] = d0 - d2;
      t[1][c] = d1 + d2;
      t[2][c] = d2 - d1;
      t[3][c] = d1 - d3;
    }
    float* to = v + i;
    for (int r = 0; r < 4; ++r, to += 4 * plane) {
      store(to, t[r][0] - t[r][2]);
      store(to + plane, t[r][1] + t[r][2]);
      store(to + 2 * plane, t[r][2] - t[r][1]);
      store(to + 3 * plane, t[r][1] - t[r][3]);
    }
  }
}

// Aᵀ m A + bias, as far as it lies within the map: point p at m + p * plane.
void transform_outputs(const Map& map, const float* m, std::int64_t plane, const float* bias,
                       std::int64_t y, std::int64_t x, float* values) {
  const bool below = y + 1 < map.height, right = x + 1 < map.width;
  float* to[2] = {values + map.at(y, x), values + map.at(y + 1, x)};
  for (std::int64_t i = 0; i < map.channels; i += kLanes) {
    Vector s[2][4];
    for (int c = 0; c < 4; ++c) {
      const float* column = m + c * plane + i;
      const Vector m1 = load(column + 4 * plane), m2 = load(column + 8 * plane);
      s[0][c] = load(column) + m1 + m2;
      s[1][c] = m1 - m2 - load(column + 12 * plane);
    }
    const Vector shift = load(bias + i);
    for (int r = 0; r < (below ? 2 : 1); ++r) {
      store(to[r] + i, s[r][0] + s[r][1] + s[r][2] + shift);
      if (right) store(to[r] + map.channels + i, s[r][1] - s[r][2] - s[r][3] + shift);
    }
  }
}

}  // namespace

bool suits_winograd(const at::Tensor& x, const at::Tensor& weight) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat &&
         weight.size(2) == 3 && weight.size(3) == 3 && weight.size(0) >= kLeastChannels &&
         weight.size(1) >= kLeastChannels && weight.size(0) % kLanes == 0 &&
         weight.size(1) % kLanes == 0 && x.size(2) * x.size(3) >= kLeastPixels;
}

at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight,
                                const at::Tensor& bias) {
  const std::int64_t batch = x.size(0), inputs = x.size(1), outputs = weight.size(0);
  const Map from{x.size(2), x.size(3), inputs}, to{x.size(2), x.size(3), outputs};
  const at::Tensor pixels = x.permute({0, 2, 3, 1}).contiguous();  // of channels-last x: no copy
  const at::Tensor out = at::empty({batch, outputs, from.height, from.width}, x.options(),
                                   at::MemoryFormat::ChannelsLast);
  const at::Tensor dense_bias = bias.contiguous();
  const at::Tensor weights = transformed_weights(weight);

  const std::int64_t columns = (from.width + 1) / 2;
  const std::int64_t tiles = (from.height + 1) / 2 * columns;
  const std::int64_t together =
      std::clamp(kWinogradNumbers / at::get_num_threads() / (kPoints * (inputs + outputs)),
                 kLeastTiles, kMostTiles);
  const std::int64_t bands = (batch * tiles + together - 1) / together;
  const device::SingleThreadedBlas single;
  at::parallel_for(0, bands, 1, [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode inference;  // each thread has its own
    const at::Tensor v = at::empty({kPoints, together, inputs}, x.options());
    const at::Tensor m = at::empty({kPoints, together, outputs}, x.options());
    const at::Tensor zeros = at::zeros({inputs}, x.options());
    float* v_data = v.data_ptr<float>();
    const float* m_data = m.const_data_ptr<float>();
    for (std::int64_t band = begin; band < end; ++band) {
      const std::int64_t first = band * together;
      const std::int64_t count = std::min(together, batch * tiles - first);
      for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t b = (first + i) / tiles, tile = (first + i) % tiles;
        transform_inputs(from,
                         pixels.const_data_ptr<float>() + b * from.height * from.width * inputs,
                         tile / columns * 2, tile % columns * 2, zeros.const_data_ptr<float>(),
                         v_data + i * inputs, together * inputs);
      }
      for (int point = 0; point < kPoints; ++point) {
        at::Tensor product = m[point].narrow(0, 0, count);
        at::mm_out(product, v[point].narrow(0, 0, count), weights[point].t());
      }
      for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t b = (first + i) / tiles, tile = (first + i) % tiles;
        transform_outputs(to, m_data + i * outputs, together * outputs,
                          dense_bias.const_data_ptr<float>(), tile / columns * 2,
                          tile % columns * 2,
                          out.data_ptr<float>() + b * to.height * to.width * outputs);
      }
    }
  });
  return out;
}

}  // namespace lumina::vision
