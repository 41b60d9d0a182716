#include "vision/layout.h"

#include <algorithm>
#include <unordered_set>

#include "checkpoint/messages.h"

namespace lumina::vision {
namespace {

constexpr std::int64_t kNormGroups = 32;
constexpr std::int64_t kDownsampling = 8;
constexpr std::int64_t kImageChannels = 3;

std::string level_name(const char* half, std::size_t level) {
  return std::string(half) + std::to_string(level);
}

// Lists the tensors of one half in the order of the reference's modules.
class Lister {
 public:
  // `latent_channels`: width of the latent that modulates the norms; 0 for plain norms.
  Lister(std::vector<checkpoint::TensorSpec>& specs, std::int64_t latent_channels)
      : specs_(specs), latent_channels_(latent_channels) {}

  void conv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) {
    specs_.push_back({name + ".weight", {out, in, kernel, kernel}});
    specs_.push_back({name + ".bias", {out}});
  }

  void norm(const std::string& name, std::int64_t channels) {
    const std::string affine = latent_channels_ > 0 ? name + ".norm_layer" : name;
    specs_.push_back({affine + ".weight", {channels}});
    specs_.push_back({affine + ".bias", {channels}});
    if (latent_channels_ > 0) {
      conv(name + ".conv_y", latent_channels_, channels, 1);
      conv(name + ".conv_b", latent_channels_, channels, 1);
    }
  }

  void residual_block(const std::string& name, std::int64_t in, std::int64_t out) {
    norm(name + ".norm1", in);
    conv(name + ".conv1", in, out, 3);
    norm(name + ".norm2", out);
    conv(name + ".conv2", out, out, 3);
    if (in != out) conv(name + ".nin_shortcut", in, out, 1);
  }

  void attention_block(const std::string& name, std::int64_t channels) {
    norm(name + ".norm", channels);
    for (const char* projection : {".q", ".k", ".v", ".proj_out"}) {
      conv(name + projection, channels, channels, 1);
    }
  }

  void mid(const std::string& name, std::int64_t channels) {
    residual_block(name + ".block_1", channels, channels);
    attention_block(name + ".attn_1", channels);
    residual_block(name + ".block_2", channels, channels);
  }

  // The residual and attention blocks of one level; names list all blocks before all attentions.
  void level(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t blocks,
             bool attention) {
    for (std::int64_t i = 0; i < blocks; ++i) {
      residual_block(name + ".block." + std::to_string(i), i == 0 ? in : out, out);
    }
    for (std::int64_t i = 0; attention && i < blocks; ++i) {
      attention_block(name + ".attn." + std::to_string(i), out);
    }
  }

 private:
  std::vector<checkpoint::TensorSpec>& specs_;
  std::int64_t latent_channels_;
};

void list_encoder(const MovqganConfig& config, std::vector<checkpoint::TensorSpec>& specs) {
  Lister list(specs, 0);
  const std::size_t last = config.num_levels() - 1;
  list.conv("encoder.conv_in", kImageChannels, config.channels, 3);
  std::int64_t width = config.channels;
  for (std::size_t i = 0; i <= last; ++i) {
    const std::string name = level_name("encoder.down.", i);
    list.level(name, width, config.level_channels(i), config.num_res_blocks, config.attention[i]);
    width = config.level_channels(i);
    if (i < last) list.conv(name + ".downsample.conv", width, width, 3);
  }
  list.mid("encoder.mid", width);
  list.norm("encoder.norm_out", width);
  list.conv("encoder.conv_out", width, config.z_channels, 3);
}

void list_decoder(const MovqganConfig& config, std::vector<checkpoint::TensorSpec>& specs) {
  Lister list(specs, config.embed_dim);
  const std::size_t last = config.num_levels() - 1;
  const std::int64_t widest = config.level_channels(last);
  list.conv("decoder.conv_in", config.z_channels, widest, 3);
  list.mid("decoder.mid", widest);
  for (std::size_t i = 0; i <= last; ++i) {  // listed from level 0 up, run from the last level down
    const std::string name = level_name("decoder.up.", i);
    const std::int64_t width = config.level_channels(i);
    list.level(name, config.level_channels(std::min(i + 1, last)), width, config.num_res_blocks + 1,
               config.attention[i]);
    if (i > 0) list.conv(name + ".upsample.conv", width, width, 3);
  }
  list.norm("decoder.norm_out", config.channels);
  list.conv("decoder.conv_out", config.channels, kImageChannels, 3);
}

[[noreturn]] void fail(const checkpoint::WeightSet& weights, const std::string& reason) {
  checkpoint::fail(weights.source(), reason);
}

// Extent `axis` of a tensor that must be there with `rank` dimensions, all of them positive.
std::int64_t extent(const checkpoint::WeightSet& weights, const std::string& name, std::size_t rank,
                    std::size_t axis) {
  const checkpoint::TensorView* view = weights.find(name);
  if (view == nullptr) fail(weights, "not a MoVQGAN checkpoint: no tensor " + name);
  const auto& shape = view->shape;
  if (shape.size() != rank ||
      std::any_of(shape.begin(), shape.end(), [](auto n) { return n <= 0; })) {
    fail(weights, "tensor " + name + " has the impossible shape " + checkpoint::shape_text(shape));
  }
  return shape[axis];
}

// How many of prefix0suffix, prefix1suffix, ... are there without a gap.
std::int64_t count_numbered(const checkpoint::WeightSet& weights, const std::string& prefix,
                            const std::string& suffix) {
  std::int64_t count = 0;
  while (weights.find(prefix + std::to_string(count) + suffix) != nullptr) ++count;
  return count;
}

}  // namespace

bool MovqganConfig::operator==(const MovqganConfig& other) const {
  return channels == other.channels && multipliers == other.multipliers &&
         num_res_blocks == other.num_res_blocks && attention == other.attention &&
         codebook_size == other.codebook_size && embed_dim == other.embed_dim &&
         z_channels == other.z_channels;
}

MovqganConfig movqgan_67m() {
  MovqganConfig config;
  config.channels = 128;
  return config;
}

MovqganConfig movqgan_102m() {
  MovqganConfig config;
  config.channels = 128;
  config.num_res_blocks = 4;
  return config;
}

MovqganConfig movqgan_270m() { return MovqganConfig(); }

MovqganConfig movqgan_tiny() {
  MovqganConfig config;
  config.channels = 32;
  config.codebook_size = 64;
  return config;
}

const std::vector<std::string>& movqgan_anchors() {
  static const std::vector<std::string> kAnchors = {"encoder.conv_in.weight",
                                                    "decoder.conv_in.weight"};
  return kAnchors;
}

MovqganConfig infer_config(const checkpoint::WeightSet& weights) {
  const bool encoder = weights.find("encoder.conv_in.weight") != nullptr;
  if (!encoder && weights.find("decoder.conv_in.weight") == nullptr) {
    fail(weights,
         "not a MoVQGAN checkpoint: neither encoder.conv_in.weight nor decoder.conv_in.weight is "
         "there, under any prefix; it holds " +
             weights.contents());
  }
  const char* levels = encoder ? "encoder.down." : "decoder.up.";
  const std::string first_width = ".block.0.conv1.weight";

  MovqganConfig config;
  config.channels = encoder ? extent(weights, "encoder.conv_in.weight", 4, 0)
                            : extent(weights, "decoder.conv_out.weight", 4, 1);
  if (config.channels % kNormGroups != 0) {
    fail(weights, "base width " + std::to_string(config.channels) + " is not a multiple of 32");
  }
  const std::int64_t num_levels = count_numbered(weights, levels, first_width);
  if (num_levels < 1 || num_levels > 30 || (std::int64_t{1} << (num_levels - 1)) != kDownsampling) {
    fail(weights, std::to_string(num_levels) + " levels found under " + levels +
                      ", 4 are needed (codes of 8 x 8 pixels)");
  }
  config.multipliers.clear();
  config.attention.clear();
  for (std::int64_t i = 0; i < num_levels; ++i) {
    const std::string level = level_name(levels, i);
    const std::int64_t width = extent(weights, level + first_width, 4, 0);
    if (width % config.channels != 0) {
      fail(weights, "width " + std::to_string(width) + " of " + level +
                        " is not a multiple of the base width " + std::to_string(config.channels));
    }
    config.multipliers.push_back(width / config.channels);
    config.attention.push_back(weights.find(level + ".attn.0.q.weight") != nullptr);
  }
  const std::int64_t blocks =
      count_numbered(weights, level_name(levels, 0) + ".block.", ".conv1.weight");
  config.num_res_blocks = encoder ? blocks : blocks - 1;
  if (config.num_res_blocks < 1) {
    fail(weights, "too few residual blocks under " + level_name(levels, 0));
  }
  config.codebook_size = extent(weights, "quantize.embedding.weight", 2, 0);
  config.embed_dim = extent(weights, "quantize.embedding.weight", 2, 1);
  config.z_channels = encoder ? extent(weights, "encoder.conv_out.weight", 4, 0)
                              : extent(weights, "decoder.conv_in.weight", 4, 1);
  return config;
}

std::vector<checkpoint::TensorSpec> movqgan_tensors(const MovqganConfig& config, MovqganPart part) {
  std::vector<checkpoint::TensorSpec> specs;
  const bool encoder = part != MovqganPart::kDecoder;
  const bool decoder = part != MovqganPart::kEncoder;
  if (encoder) list_encoder(config, specs);
  if (decoder) list_decoder(config, specs);
  specs.push_back({"quantize.embedding.weight", {config.codebook_size, config.embed_dim}});
  Lister list(specs, 0);
  if (encoder) list.conv("quant_conv", config.z_channels, config.embed_dim, 1);
  if (decoder) list.conv("post_quant_conv", config.embed_dim, config.z_channels, 1);
  return specs;
}

bool is_training_tensor(const std::string& name) {
  for (const char* prefix : {"loss.", "ema_", "colorize"}) {
    if (name.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

void require_movqgan(const checkpoint::WeightSet& weights, const MovqganConfig& config,
                     MovqganPart part) {
  std::unordered_set<std::string> known;
  for (auto& spec : movqgan_tensors(config)) known.insert(std::move(spec.name));
  weights.require(movqgan_tensors(config, part), [&known](const std::string& name) {
    return is_training_tensor(name) || known.count(name) > 0;
  });
}

}  // namespace lumina::vision
