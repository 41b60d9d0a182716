#include "vision/blocks.h"

#include <ATen/ATen.h>

namespace lumina::vision {
namespace {

Filtering filtering_of(bool decoding) {
  return decoding ? Filtering::kMinimal : Filtering::kDirect;
}

}  // namespace

ResidualBlock::ResidualBlock(const WeightReader& reader, const std::string& name, bool shortcut,
                             bool conditional)
    : name_(name),
      norm1_(reader, name + ".norm1", conditional),
      conv1_(reader, name + ".conv1", 1, 1, filtering_of(conditional)),
      norm2_(reader, name + ".norm2", conditional),
      conv2_(reader, name + ".conv2", 1, 1, filtering_of(conditional)) {
  if (shortcut) shortcut_.emplace(reader, name + ".nin_shortcut");
}

at::Tensor ResidualBlock::operator()(at::Tensor x, const at::Tensor& latent, const Tap& tap) const {
  at::Tensor skip, t;
  if (shortcut_) {
    // The shortcut goes first: after it nobody needs x, and norm1 may overwrite it.
    skip = (*shortcut_)(x);
    norm1_.apply_(x, latent, Activation::kSilu, tap);
    t = conv1_(x);
    x.reset();
  } else {
    t = conv1_(norm1_(x, latent, Activation::kSilu, tap));
    skip = std::move(x);
  }
  norm2_.apply_(t, latent, Activation::kSilu, tap);
  t = conv2_(t);
  skip.add_(t);
  tap(name_, skip);
  return skip;
}

Downsample::Downsample(const WeightReader& reader, const std::string& name)
    : name_(name), conv_(reader, name + ".conv", 2) {}

at::Tensor Downsample::operator()(at::Tensor x, const Tap& tap) const {
  x = at::constant_pad_nd(x, {0, 1, 0, 1});  // left, right, top, bottom
  x = conv_(x);
  tap(name_, x);
  return x;
}

Upsample::Upsample(const WeightReader& reader, const std::string& name)
    : name_(name), conv_(reader, name + ".conv", 1, 1, Filtering::kMinimal) {}

at::Tensor Upsample::operator()(at::Tensor x, const Tap& tap) const {
  x = at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
  x = conv_(x);
  tap(name_, x);
  return x;
}

}  // namespace lumina::vision
