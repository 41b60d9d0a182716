#include "vision/norm.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include "lumina/status.h"

namespace lumina::vision {
namespace {

constexpr std::int64_t kGroups = 32;
constexpr double kEpsilon = 1e-6;  // not libtorch's default of 1e-5

// Values that are normalised and activated while they are still in the cache.
constexpr std::int64_t kBandElements = 1 << 18;

// Adds the sum and the sum of squares of each channel over `pixels` rows of `channels` values.
template <typename T>
void add_channel_sums(const T* values, std::int64_t pixels, std::int64_t channels, double* sum,
                      double* squares) {
  for (std::int64_t p = 0; p < pixels; ++p, values += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const double value = static_cast<double>(values[c]);
      sum[c] += value;
      squares[c] += value * value;
    }
  }
}

// Channel sums of x [B, H, W, C] on the CPU, without a temporary: [2, B, C] float64.
at::Tensor channel_sums_cpu(const at::Tensor& x) {
  const std::int64_t batch = x.size(0), pixels = x.size(1) * x.size(2), channels = x.size(3);
  // A fixed number of partial sums, so that the result does not depend on the number of threads.
  const std::int64_t parts = std::clamp<std::int64_t>(pixels / 256, 1, 64);
  at::Tensor partial = at::zeros({2, batch, parts, channels}, x.options().dtype(at::kDouble));
  double* sums = partial.data_ptr<double>();
  double* squares = sums + batch * parts * channels;
  AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, x.scalar_type(), "group_statistics", [&] {
    const scalar_t* values = x.const_data_ptr<scalar_t>();
    at::parallel_for(0, batch * parts, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t part = i % parts;
        const std::int64_t first = pixels * part / parts, last = pixels * (part + 1) / parts;
        add_channel_sums(values + (i / parts * pixels + first) * channels, last - first, channels,
                         sums + i * channels, squares + i * channels);
      }
    });
  });
  return partial.sum(2);
}

}  // namespace

std::pair<at::Tensor, at::Tensor> group_statistics(const at::Tensor& x, std::int64_t groups) {
  const std::int64_t batch = x.size(0), group_width = x.size(1) / groups;
  const at::Tensor pixels_last = x.permute({0, 2, 3, 1}).contiguous();  // [B, H, W, C]
  if (!x.is_cpu()) {
    auto [variance, mean] =
        at::var_mean(pixels_last.view({batch, -1, groups, group_width}).to(at::kDouble),
                     at::IntArrayRef({1, 3}), /*correction=*/0);
    return {mean, variance};
  }
  const double count = static_cast<double>(x.size(2) * x.size(3) * group_width);
  const at::Tensor sums =
      channel_sums_cpu(pixels_last).view({2, batch, groups, group_width}).sum(3).div_(count);
  const at::Tensor mean = sums[0];
  return {mean, (sums[1] - mean * mean).clamp_min_(0.0)};
}

Norm::Norm(const WeightReader& reader, const std::string& name, bool conditional)
    : name_(name),
      scale_(reader.read_wide(name + (conditional ? ".norm_layer.weight" : ".weight"))),
      shift_(reader.read_wide(name + (conditional ? ".norm_layer.bias" : ".bias"))) {
  if (conditional) {
    modulation_scale_.emplace(reader, name + ".conv_y", /*wide=*/true);
    modulation_shift_.emplace(reader, name + ".conv_b", /*wide=*/true);
  }
}

at::Tensor Norm::operator()(const at::Tensor& x, const at::Tensor& latent, Activation activation,
                            const Tap& tap) const {
  at::Tensor out = at::empty_like(x);
  apply(x, latent, activation, tap, out);
  return out;
}

void Norm::apply_(at::Tensor& x, const at::Tensor& latent, Activation activation,
                  const Tap& tap) const {
  apply(x, latent, activation, tap, x);
}

// Norm and modulation are one subtraction and one multiply-add per element, (x - m) * P + Q, where
// P = y * scale * r (r: the channel's reciprocal deviation) and Q = y * shift + b vary only per
// cell of the latent grid. So no map of the picture's size is ever made, and x may be its own
// output. m stays apart from Q, though folding it in would save the subtraction: where a channel is
// nearly constant, P is in the hundreds and x * P + Q would cancel.
void Norm::apply(const at::Tensor& x, const at::Tensor& latent, Activation activation,
                 const Tap& tap, at::Tensor& out) const {
  const std::int64_t batch = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
  const at::ScalarType wide = scale_.scalar_type();
  const auto [mean, variance] = group_statistics(x, kGroups);
  const auto per_channel = [&](const at::Tensor& group) {  // [B, 32] -> [B, 1, 1, C]
    return group.repeat_interleave(channels / kGroups, 1).view({batch, 1, 1, channels});
  };
  const at::Tensor exact_mean = per_channel(mean);
  const at::Tensor center = exact_mean.to(wide);
  const at::Tensor factor = per_channel(at::rsqrt(variance + kEpsilon)) * scale_;  // float64
  at::Tensor p = factor.to(wide);                                                  // [B, 1, 1, C]
  at::Tensor q = (shift_ - (exact_mean - center) * factor).to(wide);               // [B, 1, 1, C]
  if (modulation_scale_) {
    const at::Tensor cells = latent.permute({0, 2, 3, 1});  // [B, h, w, 4]
    const at::Tensor y = (*modulation_scale_)(cells);       // [B, h, w, C]
    q = at::addcmul((*modulation_shift_)(cells), y, q);
    p = y * p;
  } else {  // every row of pixels is one cell
    p = p.expand({batch, height, 1, channels});
    q = q.expand({batch, height, 1, channels});
  }

  const std::int64_t rows = p.size(1), columns = p.size(2);
  const std::int64_t cell_height = height / rows, cell_width = width / columns;
  if (cell_height * rows != height || cell_width * columns != width) {
    throw Error(ErrorCode::kInternal, name_ + ": the latent grid does not divide the feature map");
  }
  const bool fused = activation == Activation::kSilu && !tap.watches();
  const at::Tensor source = x.permute({0, 2, 3, 1}), target = out.permute({0, 2, 3, 1});
  const std::int64_t band =
      std::clamp<std::int64_t>(kBandElements / (cell_height * width * channels), 1, rows);
  for (std::int64_t row = 0; row < rows; row += band) {
    const std::int64_t count = std::min(band, rows - row);
    const auto pixels = [&](const at::Tensor& map) {  // [B, rows, sh, columns, sw, C] of this band
      return map.narrow(1, row * cell_height, count * cell_height)
          .view({batch, count, cell_height, columns, cell_width, channels});
    };
    const auto cells = [&](const at::Tensor& map) {
      return map.narrow(1, row, count).view({batch, count, 1, columns, 1, channels});
    };
    at::Tensor to = pixels(target);
    const bool direct = to.scalar_type() == wide;  // else the band passes through the wide type
    at::Tensor values = direct ? to : at::empty(to.sizes(), to.options().dtype(wide));
    const at::Tensor from = direct ? pixels(source) : pixels(source).to(wide);
    at::sub_out(values, from, center.unsqueeze(1).unsqueeze(1));
    at::addcmul_out(values, cells(q), values, cells(p));
    if (fused) at::silu_(values);
    if (!direct) to.copy_(values);
  }
  tap(name_, out);
  if (activation == Activation::kSilu && !fused) at::silu_(out);
}

}  // namespace lumina::vision
