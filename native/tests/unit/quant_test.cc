// The formats: codes by their definition, bounds of the error, products, and what is refused.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "quant/dense.h"
#include "quant/formats.h"
#include "recipe/recipe.h"
#include "support/expect_error.h"

namespace lumina::quant {
namespace {

using lumina::testing::expect_error;

// Numbers of a bell shape by formula, each output of another size and with another mean.
at::Tensor bell(std::int64_t out, std::int64_t in, at::ScalarType dtype = at::kFloat) {
  const at::Tensor weight = at::empty({out, in});
  float* values = weight.data_ptr<float>();
  for (std::int64_t i = 0; i < out * in; ++i) {
    double sum = 0.0;
    for (int part = 0; part < 4; ++part) sum += recipe::uniform(part, i);
    const auto n = static_cast<double>(i / in);
    values[i] = static_cast<float>(0.02 * sum * (1.0 + 0.1 * n) + 0.001 * n);
  }
  return weight.to(dtype);
}

double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  const at::Tensor a = actual.to(at::kDouble);
  const at::Tensor b = expected.to(at::kDouble);
  return ((a - b).square().mean() / b.square().mean()).sqrt().item<double>();
}

class EveryFormat : public ::testing::TestWithParam<std::string> {
 protected:
  const Format& format() const { return find_format(GetParam()); }
};

TEST_P(EveryFormat, KeepsWeightsWithinHalfAStep) {
  for (const std::int64_t in : {1, 31, 128, 300}) {
    const at::Tensor weight = bell(5, in);
    const Parts parts = format().quantize(weight);
    const at::Tensor restored = format().dequantize(parts, in);
    ASSERT_EQ(restored.sizes(), weight.sizes());
    // A step is the scale; it and the zero are rounded to bf16, which moves the ends of the range
    // by a few parts in 256.
    const at::Tensor scale = parts[1].to(at::kFloat).reshape({5, -1}).amax(1, /*keepdim=*/true);
    const at::Tensor slack = weight.abs().amax(1, /*keepdim=*/true) / 64;
    EXPECT_TRUE(((restored - weight).abs() <= 0.5 * scale + slack).all().item<bool>()) << in;
    EXPECT_GT((restored - weight).abs().max().item<double>(), in == 1 ? -1.0 : 0.0);
  }
}

TEST_P(EveryFormat, MultipliesAsItsDefinitionSays) {
  for (const auto& [out, in] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {1, 1}, {7, 33}, {32, 128}, {70, 200}, {33, 385}}) {
    const at::Tensor weight = bell(out, in);
    const at::Tensor bias = bell(1, out).flatten();
    const at::Tensor restored = format().dequantize(format().quantize(weight), in);
    for (const std::int64_t rows : {1, 2, 19}) {
      const at::Tensor x = bell(rows, in).mul(50.0);
      const at::Tensor expected = at::linear(x, restored, bias);
      const at::Tensor exact = quantize(weight, format(), false)->product(x, bias, 0, out);
      EXPECT_LT(relative_error(exact, expected), 1e-5) << out << ", " << in << ", " << rows;
      const at::Tensor rounded = quantize(weight, format(), true)->product(x, bias, 0, out);
      EXPECT_LT(relative_error(rounded, expected), 0.01) << out << ", " << in << ", " << rows;
      EXPECT_EQ(rounded.sizes(), expected.sizes());
    }
  }
}

TEST_P(EveryFormat, MultipliesPartsOfAnyShapeAndType) {
  const at::Tensor weight = bell(100, 64);
  const auto packed = quantize(weight, format(), true);
  EXPECT_EQ(packed->in_features(), 64);
  EXPECT_EQ(packed->out_features(), 100);
  const at::Tensor x = bell(6, 64).view({2, 3, 64});
  const at::Tensor whole = packed->product(x, {}, 0, 100);
  EXPECT_EQ(whole.sizes(), (std::vector<std::int64_t>{2, 3, 100}));
  EXPECT_TRUE(at::equal(packed->product(x, {}, 37, 41), whole.narrow(2, 37, 41)));
  const at::Tensor narrow = packed->product(x.to(at::kBFloat16), {}, 0, 100);
  EXPECT_EQ(narrow.scalar_type(), at::kBFloat16);
  EXPECT_LT(relative_error(narrow, whole), 0.01);
  EXPECT_EQ(packed->product(at::empty({0, 64}), {}, 0, 100).sizes(),
            (std::vector<std::int64_t>{0, 100}));
}

// Also a bf16 result is the fp32 one rounded once.
TEST_P(EveryFormat, SharedProductsEqualSingleOnes) {
  for (const bool round : {true, false}) {
    const auto small = quantize(bell(7, 200), format(), round);
    const auto large = quantize(bell(300, 200).flip(0), format(), round);
    const at::Tensor bias = bell(1, 7).flatten();
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kDouble}) {
      for (const std::int64_t rows : {0, 1, 2, 19}) {
        const at::Tensor x = bell(rows, 200).mul(50.0).to(type).view({rows, 1, 200});
        const auto shared = products(
            x, {{small.get(), bias, 0, 7}, {large.get(), {}, 37, 150}, {large.get(), {}, 0, 300}});
        ASSERT_EQ(shared.size(), 3u);
        EXPECT_TRUE(at::equal(shared[0], small->product(x, bias, 0, 7)));
        EXPECT_TRUE(at::equal(shared[1], large->product(x, {}, 37, 150)));
        EXPECT_TRUE(at::equal(shared[2], large->product(x, {}, 0, 300)));
        EXPECT_EQ(shared[1].scalar_type(), type);
        EXPECT_TRUE(at::equal(shared[2], large->product(x.to(at::kFloat), {}, 0, 300).to(type)));
      }
    }
  }
}

TEST_P(EveryFormat, PartsOfAFileGiveTheSameProducts) {
  const at::Tensor weight = bell(45, 202, at::kBFloat16);
  const Parts parts = format().quantize(weight);
  const auto specs = format().parts(45, 202);
  ASSERT_EQ(parts.size(), specs.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_EQ(parts[i].sizes().vec(), specs[i].shape) << specs[i].name;
    EXPECT_EQ(checkpoint::element_size(*specs[i].dtype), parts[i].element_size()) << specs[i].name;
  }
  const at::Tensor x = bell(2, 202);
  EXPECT_TRUE(at::equal(pack(parts, format(), true)->product(x, {}, 0, 45),
                        quantize(weight, format(), true)->product(x, {}, 0, 45)));
}

TEST_P(EveryFormat, TakesEqualWeightsAndZeros) {
  for (const float value : {0.0f, 1.0f, -3e-5f, 1e-20f}) {
    const at::Tensor weight = at::full({3, 140}, value);
    const at::Tensor restored = format().dequantize(format().quantize(weight), 140);
    EXPECT_LT((restored - weight).abs().max().item<double>(), 1e-5 + 0.004 * std::abs(value));
  }
}

TEST_P(EveryFormat, RefusesWhatIsNotANumber) {
  for (const float poison :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    const at::Tensor weight = bell(40, 256);
    weight[39][200] = poison;
    expect_error(ErrorCode::kNumerical, "cannot be quantised",
                 [&] { quantize(weight, format(), true); });
  }
}

TEST_P(EveryFormat, IsFoundByItsNameAlone) {
  EXPECT_EQ(format().name(), GetParam());
  std::size_t same = 0;
  for (const std::string& name : format_names()) same += name == GetParam();
  EXPECT_EQ(same, 1u);
}

INSTANTIATE_TEST_SUITE_P(Names, EveryFormat, ::testing::ValuesIn(format_names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

TEST(Formats, ShortNamesMeanTheUsualChoice) {
  EXPECT_EQ(find_format("int4").name(), "int4:128:rtn");
  EXPECT_EQ(find_format("int4:64").name(), "int4:64:rtn");
  EXPECT_EQ(find_format("int4:hqq").name(), "int4:128:hqq");
  EXPECT_EQ(find_format("int4:32:hqq").name(), "int4:32:hqq");
  for (const char* name : {"", "int", "int4:", "int4:16", "int4:hqq:64", "64", "int8:64", "INT4"}) {
    expect_error(ErrorCode::kInvalidArgument, "unknown quantisation", [&] { find_format(name); });
  }
}

// The definition in single numbers, each result rounded to bf16 as PyTorch does: what torchao's
// int4_weight_only computes.
TEST(Int4, RoundsToNearestCodeForCode) {
  using c10::BFloat16;
  constexpr int kIn = 256;
  constexpr int kGroup = 64;
  const at::Tensor weight = bell(33, kIn, at::kBFloat16);
  const Parts parts = find_format("int4:64:rtn").quantize(weight);
  const auto* w = weight.const_data_ptr<BFloat16>();
  for (int n = 0; n < 33; ++n) {
    for (int g = 0; g < kIn / kGroup; ++g) {
      const BFloat16* group = w + n * kIn + g * kGroup;
      BFloat16 low = group[0];
      BFloat16 high = group[0];
      for (int k = 0; k < kGroup; ++k) {
        low = std::min<float>(low, group[k]);
        high = std::max<float>(high, group[k]);
      }
      const BFloat16 scale = (high - low) / BFloat16(15.0f);
      const BFloat16 zero = low + scale * BFloat16(8.0f);
      ASSERT_EQ(parts[1][n][g].item<float>(), static_cast<float>(scale));
      ASSERT_EQ(parts[2][n][g].item<float>(), static_cast<float>(zero));
      for (int k = 0; k < kGroup; ++k) {
        const BFloat16 lowest = zero - scale * BFloat16(8.0f);
        const BFloat16 steps = (group[k] - lowest) / scale;
        const int code = std::min(15, std::max(0, static_cast<int>(std::nearbyint(steps))));
        const int input = g * kGroup + k;
        const int pair = parts[0][n][input / 2].item<int>();
        ASSERT_EQ(input % 2 == 0 ? pair / 16 : pair % 16, code) << n << ", " << input;
      }
    }
  }
}

TEST(Int4, HqqIsNoWorseThanNearest) {
  for (const char* group : {"128", "64", "32"}) {
    at::Tensor weight = bell(64, 512);
    weight = weight * weight.abs() * 100;  // long tails
    const auto error = [&](const std::string& method) {
      const Format& format = find_format(std::string("int4:") + group + ":" + method);
      return (format.dequantize(format.quantize(weight), 512) - weight).abs().mean().item<double>();
    };
    EXPECT_LT(error("hqq"), 0.99 * error("rtn")) << group;
  }
}

TEST(Int4, SmallerGroupsAreCloser) {
  const at::Tensor weight = bell(64, 512);
  double previous = 1.0;
  for (const char* name : {"int4:128", "int4:64", "int4:32", "int8"}) {
    const Format& format = find_format(name);
    const double error = relative_error(format.dequantize(format.quantize(weight), 512), weight);
    EXPECT_LT(error, 0.95 * previous) << name;
    previous = error;
  }
}

TEST(Int4, FilesNeedEvenNumbersOfInputs) {
  expect_error(ErrorCode::kInvalidArgument, "even numbers of inputs, not 7",
               [] { find_format("int4").parts(3, 7); });
}

TEST(Products, OfWeightsThatShareNothingAreTakenOneByOne) {
  const at::Tensor weight = bell(20, 256);
  const DenseWeight dense(weight);
  const auto coarse = quantize(weight, find_format("int4:128"), true);
  const auto fine = quantize(weight, find_format("int4:32"), true);
  const auto exact = quantize(weight, find_format("int4:128"), false);
  const at::Tensor x = bell(2, 256);
  const std::vector<const Weight*> weights = {coarse.get(), fine.get(), exact.get(), &dense};
  for (const Weight* first : weights) {
    for (const Weight* second : weights) {
      const auto both = products(x, {{first, {}, 0, 20}, {second, {}, 3, 9}});
      EXPECT_TRUE(at::equal(both[0], first->product(x, {}, 0, 20)));
      EXPECT_TRUE(at::equal(both[1], second->product(x, {}, 3, 9)));
    }
  }
  EXPECT_TRUE(products(x, {}).empty());
}

TEST(Dense, MultipliesAPart) {
  const at::Tensor weight = bell(20, 16);
  const at::Tensor x = bell(3, 16);
  const DenseWeight dense(weight);
  EXPECT_LT(relative_error(dense.product(x, {}, 5, 9), at::linear(x, weight.narrow(0, 5, 9))),
            1e-6);
}

}  // namespace
}  // namespace lumina::quant
