// Names, shapes and inferred sizes: docs/spec/movqgan.md sections 1 and 7, appendices A and B.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "checkpoint/sha256.h"
#include "support/expect_error.h"
#include "support/movqgan.h"
#include "vision/layout.h"

namespace lumina::testing {
namespace {

using checkpoint::sha256_hex;
using checkpoint::TensorSpec;
using checkpoint::TensorView;
using checkpoint::WeightSet;
using vision::MovqganConfig;
using vision::MovqganPart;

std::string listing(const std::vector<TensorSpec>& specs, bool sorted) {
  std::vector<std::string> lines;
  for (const auto& spec : specs) {
    std::string line = spec.name + ' ';
    for (std::size_t d = 0; d < spec.shape.size(); ++d) {
      line += (d == 0 ? "" : "x") + std::to_string(spec.shape[d]);
    }
    lines.push_back(line + '\n');
  }
  if (sorted) {
    std::sort(lines.begin(), lines.end(), [](const std::string& a, const std::string& b) {
      return a.substr(0, a.find(' ')) < b.substr(0, b.find(' '));
    });
  }
  std::string text;
  for (const auto& line : lines) text += line;
  return text;
}

// Names and shapes without values: all that inference may look at.
std::map<std::string, TensorView> views(const std::vector<TensorSpec>& specs) {
  std::map<std::string, TensorView> tensors;
  for (const auto& spec : specs) {
    TensorView view;
    view.shape = spec.shape;
    tensors[spec.name] = view;
  }
  return tensors;
}

WeightSet weight_set(std::map<std::string, TensorView> tensors) {
  return WeightSet::in_memory(std::move(tensors), "movqgan.ckpt");
}

std::map<std::string, TensorView> tiny() {
  return views(vision::movqgan_tensors(vision::movqgan_tiny()));
}

MovqganConfig unusual() {
  MovqganConfig config;
  config.channels = 64;
  config.multipliers = {1, 1, 3, 2};
  config.num_res_blocks = 1;
  config.attention = {false, true, true, false};
  config.codebook_size = 100;
  return config;
}

TEST(Sha256, published_digests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(MovqganLayout, names_and_shapes_have_the_published_digests) {
  const auto digest = [](const MovqganConfig& config) {
    return sha256_hex(listing(vision::movqgan_tensors(config), /*sorted=*/true));
  };
  EXPECT_EQ(digest(vision::movqgan_270m()),
            "c178e73e7a536fe28750dc9fec6aeb791c9f9f2a8959c02eed5521f970da6952");
  EXPECT_EQ(digest(vision::movqgan_102m()),
            "16a72b92599a4577a84f58d4450b966e2997a5165c1cd7c2106886b53f586cf8");
  EXPECT_EQ(digest(vision::movqgan_67m()),
            "c58ac6ea19b3f10e9b28cdd50c265b0d084ef6288e1cad236e4df494b0a87457");
}

// The digest of appendix A as it stands there, line by line.
TEST(MovqganLayout, tensors_come_in_the_order_of_the_reference) {
  EXPECT_EQ(sha256_hex(listing(vision::movqgan_tensors(vision::movqgan_270m()), false)),
            "7f5fd20ece41025a42092321707fcf415a5441d71b624a7cd1707f06bb9af0ba");
}

TEST(MovqganLayout, parameter_counts) {
  const MovqganConfig config = vision::movqgan_270m();
  EXPECT_EQ(vision::movqgan_tensors(config).size(), 431u);
  EXPECT_EQ(vision::movqgan_tensors(vision::movqgan_102m()).size(), 671u);
  EXPECT_EQ(checkpoint::total_elements(vision::movqgan_tensors(config)), 270669103);
  EXPECT_EQ(checkpoint::total_elements(vision::movqgan_tensors(config, MovqganPart::kDecoder)),
            161183767);
  EXPECT_EQ(checkpoint::total_elements(vision::movqgan_tensors(config, MovqganPart::kEncoder)),
            109550872);
  EXPECT_EQ(checkpoint::total_elements(vision::movqgan_tensors(vision::movqgan_67m())), 67832495);
  EXPECT_EQ(checkpoint::total_elements(vision::movqgan_tensors(vision::movqgan_102m())), 101614255);
}

TEST(MovqganLayout, sizes_are_inferred_from_either_half_or_both) {
  for (const MovqganConfig& config : {vision::movqgan_67m(), vision::movqgan_102m(),
                                      vision::movqgan_270m(), vision::movqgan_tiny(), unusual()}) {
    for (const auto part : {MovqganPart::kBoth, MovqganPart::kEncoder, MovqganPart::kDecoder}) {
      const WeightSet weights = weight_set(views(vision::movqgan_tensors(config, part)));
      EXPECT_EQ(vision::infer_config(weights), config) << config.channels;
      EXPECT_NO_THROW(vision::require_movqgan(weights, config, part));
    }
  }
}

TEST(MovqganLayout, other_networks_are_refused) {
  const auto refused = [](std::map<std::string, TensorView> tensors, const std::string& reason) {
    const WeightSet weights = weight_set(std::move(tensors));
    expect_error(ErrorCode::kCheckpoint, reason, [&] { vision::infer_config(weights); });
    expect_error(ErrorCode::kCheckpoint, "movqgan.ckpt", [&] { vision::infer_config(weights); });
  };
  refused({}, "not a MoVQGAN");

  auto no_codebook = tiny();
  no_codebook.erase("quantize.embedding.weight");
  refused(no_codebook, "quantize.embedding.weight");

  MovqganConfig shallow;
  shallow.multipliers = {1, 2, 4};
  shallow.attention = {false, false, true};
  refused(views(vision::movqgan_tensors(shallow)), "3 levels");

  MovqganConfig narrow;
  narrow.channels = 48;
  refused(views(vision::movqgan_tensors(narrow)), "48 is not a multiple of 32");

  auto uneven = tiny();
  uneven["encoder.down.2.block.0.conv1.weight"].shape[0] = 65;
  refused(uneven, "width 65");

  auto flat = tiny();
  flat["encoder.conv_in.weight"].shape = {32};
  refused(flat, "encoder.conv_in.weight");

  auto negative = tiny();
  negative["quantize.embedding.weight"].shape = {-64, 4};
  refused(negative, "impossible shape");
}

TEST(MovqganLayout, missing_misshapen_and_unknown_tensors_are_named) {
  const auto refused = [](std::map<std::string, TensorView> tensors, const std::string& name) {
    const WeightSet weights = weight_set(std::move(tensors));
    expect_error(ErrorCode::kCheckpoint, name,
                 [&] { vision::require_movqgan(weights, vision::movqgan_tiny()); });
  };
  auto missing = tiny();
  missing.erase("decoder.up.3.attn.2.norm.conv_b.bias");
  refused(missing, "decoder.up.3.attn.2.norm.conv_b.bias");
  auto misshapen = tiny();
  misshapen["encoder.mid.attn_1.k.weight"].shape = {128, 64, 1, 1};
  refused(misshapen, "encoder.mid.attn_1.k.weight");
  auto unknown = tiny();
  unknown["decoder.up.3.attn.3.q.bias"].shape = {128};
  refused(unknown, "decoder.up.3.attn.3.q.bias");
}

TEST(MovqganLayout, training_tensors_are_ignored) {
  for (const char* name : {"loss.discriminator.main.0.weight", "colorize", "ema_quantize.decay",
                           "ema_encoder.down0block0norm1weight"}) {
    EXPECT_TRUE(vision::is_training_tensor(name)) << name;
    auto tensors = tiny();
    tensors[name].shape = {1};
    EXPECT_NO_THROW(vision::require_movqgan(weight_set(tensors), vision::movqgan_tiny())) << name;
  }
  EXPECT_FALSE(vision::is_training_tensor("decoder.loss.weight"));
  EXPECT_FALSE(vision::is_training_tensor("lossy"));
}

TEST(MovqganLayout, one_half_may_come_without_the_other) {
  const auto config = vision::movqgan_tiny();
  auto tensors = tiny();
  tensors.erase("encoder.mid.block_1.conv1.weight");
  EXPECT_NO_THROW(vision::require_movqgan(weight_set(tensors), config, MovqganPart::kDecoder));
  expect_error(ErrorCode::kCheckpoint, "encoder.mid.block_1.conv1.weight", [&] {
    vision::require_movqgan(weight_set(tensors), config, MovqganPart::kEncoder);
  });
}

}  // namespace
}  // namespace lumina::testing
