// Attention, quantizer and resampling against their definitions: docs/spec/movqgan.md 2.4, 2.5,
// section 4.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "recipe/recipe.h"
#include "support/movqgan.h"
#include "vision/attention.h"
#include "vision/blocks.h"
#include "vision/quantizer.h"

namespace lumina::testing {
namespace {

at::Tensor uniform(const std::string& name, std::vector<std::int64_t> shape) {
  const std::uint64_t hash = recipe::name_hash(name);
  at::Tensor values = at::empty(shape, at::kDouble);
  double* out = values.data_ptr<double>();
  for (std::int64_t i = 0; i < values.numel(); ++i) out[i] = recipe::uniform(hash, i);
  return values;
}

double deviation(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

TEST(MovqganAttention, query_blocks_equal_the_whole_matrix) {
  const at::Tensor q = uniform("q", {70, 48}) * 4, k = uniform("k", {70, 48}) * 4;
  const at::Tensor v = uniform("v", {70, 48});
  const at::Tensor expected = at::mm(at::softmax(at::mm(q, k.t()) / std::sqrt(48.0), 1), v);
  for (const std::int64_t block : {1, 16, 69, 70, 512}) {
    EXPECT_LE(deviation(vision::blocked_attention(q, k, v, block), expected), 1e-13) << block;
    EXPECT_LE(deviation(vision::blocked_attention(q.to(at::kFloat), k.to(at::kFloat),
                                                  v.to(at::kFloat), block),
                        expected),
              2e-6)
        << block;
  }
}

TEST(MovqganAttention, default_block_is_crossed) {
  const std::int64_t n = vision::kAttentionQueryBlock + 3;
  const at::Tensor q = uniform("q", {n, 32}), v = uniform("v", {n, 32});
  const at::Tensor expected = at::mm(at::softmax(at::mm(q, q.t()) / std::sqrt(32.0), 1), v);
  EXPECT_LE(deviation(vision::blocked_attention(q, q, v), expected), 1e-13);
}

TEST(MovqganAttention, pictures_of_a_batch_do_not_see_each_other) {
  const checkpoint::WeightSet weights = movqgan_weights(vision::movqgan_tiny());
  const vision::AttentionBlock block(vision::WeightReader(weights, at::kDouble),
                                     "encoder.mid.attn_1", false);
  const at::Tensor x = uniform("x", {2, 128, 3, 4}).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor both = block(x.clone(), {}, {});
  for (int i = 0; i < 2; ++i) {
    EXPECT_LE(deviation(block(x.narrow(0, i, 1).clone(), {}, {}), both.narrow(0, i, 1)), 1e-13);
  }
  EXPECT_GT(deviation(both[0], both[1]), 0.1);
}

TEST(MovqganQuantizer, chunks_give_the_codes_of_the_whole_matrix) {
  const at::Tensor codebook = uniform("codebook", {500, 4}), z = uniform("z", {2, 4, 7, 5});
  const at::Tensor rows = z.permute({0, 2, 3, 1}).reshape({-1, 1, 4});
  const at::Tensor expected =
      at::argmin((rows - codebook.unsqueeze(0)).square().sum(2), 1).view({2, 7, 5});
  for (const auto dtype : {at::kDouble, at::kFloat}) {
    const vision::Quantizer quantizer(codebook.to(dtype));
    for (const std::int64_t chunk : {1, 3, 69, 70, 1024}) {
      EXPECT_TRUE(at::equal(quantizer.nearest(z, chunk), expected)) << chunk;
    }
  }
}

TEST(MovqganQuantizer, lowest_index_wins_a_tie) {
  at::Tensor codebook = uniform("codebook", {64, 4}).to(at::kFloat);
  for (const int copy : {20, 33, 63}) codebook[copy].copy_(codebook[5]);
  const vision::Quantizer quantizer(codebook);
  const at::Tensor z = codebook[5].view({1, 4, 1, 1}).repeat({1, 1, 9, 9});
  EXPECT_TRUE(at::equal(quantizer.nearest(z), at::full({1, 9, 9}, 5, at::kLong)));
}

TEST(MovqganQuantizer, lookup_returns_the_stored_rows) {
  const at::Tensor codebook = uniform("codebook", {64, 4}).to(at::kFloat);
  const vision::Quantizer quantizer(codebook);
  const at::Tensor codes = code_grid({0, 63, 7, 7, 21, 40}, 1, 2, 3);
  const at::Tensor latent = quantizer.lookup(codes);
  EXPECT_EQ(latent.sizes().vec(), (std::vector<std::int64_t>{1, 4, 2, 3}));
  for (int p = 0; p < 6; ++p) {  // row-major
    EXPECT_TRUE(at::equal(latent[0].select(1, p / 3).select(1, p % 3),
                          codebook[codes[0][p / 3][p % 3].item<std::int64_t>()]));
  }
  EXPECT_TRUE(at::equal(quantizer.nearest(latent), codes));
}

TEST(MovqganResampling, down_pads_right_and_bottom_only) {
  const checkpoint::WeightSet weights = movqgan_weights(vision::movqgan_tiny());
  const vision::WeightReader reader(weights, at::kDouble);
  const std::string name = "encoder.down.0.downsample";
  const at::Tensor kernel = reader.read(name + ".conv.weight");
  // One pixel at (0, 0) reaches output (0, 0) through tap (0, 0) alone.
  at::Tensor x = at::zeros({1, 32, 5, 6}, at::kDouble);
  x.index({0, 9, 0, 0}).fill_(1.0);
  const at::Tensor y = vision::Downsample(reader, name)(x, {});
  EXPECT_EQ(y.sizes().vec(), (std::vector<std::int64_t>{1, 32, 2, 3}));
  const at::Tensor expected =
      kernel.select(1, 9).select(1, 0).select(1, 0) + reader.read(name + ".conv.bias");
  EXPECT_LE(deviation(y.select(2, 0).select(2, 0).squeeze(0), expected), 1e-13);
}

TEST(MovqganResampling, up_repeats_pixels) {
  const checkpoint::WeightSet weights = movqgan_weights(vision::movqgan_tiny());
  const vision::WeightReader reader(weights, at::kDouble);
  const std::string name = "decoder.up.1.upsample";
  const at::Tensor x = uniform("x", {1, 64, 3, 2});
  const at::Tensor repeated = x.repeat_interleave(2, 2).repeat_interleave(2, 3);
  const at::Tensor expected = at::conv2d(repeated, reader.read(name + ".conv.weight"),
                                         reader.read(name + ".conv.bias"), 1, 1);
  EXPECT_LE(deviation(vision::Upsample(reader, name)(x, {}), expected), 1e-13);
}

}  // namespace
}  // namespace lumina::testing
