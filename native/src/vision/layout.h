// What a MoVQGAN checkpoint looks like: its sizes, inferred from names and shapes, and the tensors
// a network of these sizes needs (docs/spec/movqgan.md sections 1 and 7, appendices A and B). No
// tensors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/weight_set.h"

namespace lumina::vision {

// Which half of the network is wanted; the codebook belongs to both.
enum class MovqganPart { kBoth, kEncoder, kDecoder };

struct MovqganConfig {
  std::int64_t channels = 256;  // base width; a multiple of 32
  std::vector<std::int64_t> multipliers = {1, 2, 2,
                                           4};  // width of level i: channels * multipliers[i]
  std::int64_t num_res_blocks = 2;              // per encoder level; the decoder has one more
  // attention[i]: an attention block follows every residual block of level i. Never depends on the
  // size of the picture.
  std::vector<bool> attention = {false, false, false, true};
  std::int64_t codebook_size = 16384;
  std::int64_t embed_dim = 4;   // width of a codebook row
  std::int64_t z_channels = 4;  // what the encoder puts out and the decoder takes in

  std::size_t num_levels() const { return multipliers.size(); }
  std::int64_t level_channels(std::size_t level) const { return channels * multipliers[level]; }
  // Pixels along one side of a code: 8 for four levels.
  std::int64_t downsampling() const { return std::int64_t{1} << (num_levels() - 1); }

  bool operator==(const MovqganConfig& other) const;
  bool operator!=(const MovqganConfig& other) const { return !(*this == other); }
};

MovqganConfig movqgan_67m();
MovqganConfig movqgan_102m();
MovqganConfig movqgan_270m();  // the one that Lumina-mGPT 2.0 uses
MovqganConfig movqgan_tiny();  // 270M's topology with 32 channels and 64 codes, for tests

// Names to find an image tokenizer by among what a file holds: WeightSet::open().
const std::vector<std::string>& movqgan_anchors();

// Reads the sizes off the names and shapes of `weights`, which may hold the encoder, the decoder or
// both. Shapes are only looked at where a size comes from: check the rest with require(). Throws
// Error(kCheckpoint) if this is no MoVQGAN, reduces by another factor than 8, or has a width that
// 32 groups do not divide.
MovqganConfig infer_config(const checkpoint::WeightSet& weights);

// Every tensor of `part`, in the reference's order (encoder, decoder, quantizer).
std::vector<checkpoint::TensorSpec> movqgan_tensors(const MovqganConfig& config,
                                                    MovqganPart part = MovqganPart::kBoth);

// True for tensors that only training needs and a raw training checkpoint may add: discriminator
// and perceptual loss, moving averages, the colour map of segmentation mode.
bool is_training_tensor(const std::string& name);

// Throws Error(kCheckpoint) unless `weights` holds exactly the tensors of `part` with the right
// shapes. The other half may be there, whole or in part, and training tensors may be there.
void require_movqgan(const checkpoint::WeightSet& weights, const MovqganConfig& config,
                     MovqganPart part = MovqganPart::kBoth);

}  // namespace lumina::vision
