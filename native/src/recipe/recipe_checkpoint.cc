#include "recipe/recipe_checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <thread>

#include "checkpoint/atomic_file.h"
#include "checkpoint/extents.h"
#include "checkpoint/messages.h"
#include "checkpoint/safetensors_writer.h"
#include "checkpoint/shards.h"
#include "lumina/status.h"
#include "recipe/recipe.h"
#include "recipe/recipe_tokenizer.h"

namespace lumina::recipe {
namespace {

namespace fs = std::filesystem;
using checkpoint::DType;
using checkpoint::TensorSpec;

[[noreturn]] void reject(const std::string& folder, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, folder + ": " + what);
}

[[noreturn]] void fail_to_write(const std::string& folder, const std::error_code& error) {
  throw Error(ErrorCode::kIo, folder + ": cannot be written: " + error.message());
}

// A folder that appears whole or not at all, as AtomicFile does for a file.
class AtomicFolder {
 public:
  explicit AtomicFolder(const std::string& path)
      : path_(path), temporary_(checkpoint::temporary_name(path)) {
    std::error_code error;
    if (!fs::create_directory(temporary_, error)) fail_to_write(path_, error);
  }
  ~AtomicFolder() {
    std::error_code ignored;
    if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
  }
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  std::string path(const std::string& name) const { return (fs::path(temporary_) / name).string(); }

  void commit() {
    std::error_code error;
    fs::rename(temporary_, path_, error);  // replaces an empty folder, refuses any other
    if (error) fail_to_write(path_, error);
    temporary_.clear();
  }

 private:
  std::string path_;
  std::string temporary_;
};

// The folder without trailing slashes, so that its sibling is not a child.
std::string checked_folder(const std::string& folder) {
  fs::path path(folder);
  while (!path.empty() && !path.has_filename() && path.has_relative_path()) {
    path = path.parent_path();
  }
  if (!path.has_filename()) reject(folder, "is not the name of a folder");
  std::error_code error;
  const auto status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::not_found) return path.string();
  if (!fs::is_directory(status)) reject(folder, "exists and is not a folder");
  const bool empty = fs::is_empty(path, error);
  if (error) fail_to_write(folder, error);
  if (!empty) reject(folder, "exists and is not empty");
  return path.string();
}

// A plain file name that no other file of a checkpoint has.
bool is_free_name(const std::string& name) {
  static const std::set<std::string> kTaken = {"",
                                               ".",
                                               "..",
                                               "config.json",
                                               "tokenizer.json",
                                               "tokenizer_config.json",
                                               "model.safetensors",
                                               "model.safetensors.index.json"};
  return kTaken.count(name) == 0 && name.find('/') == std::string::npos;
}

void check(const std::string& folder, const RecipeOptions& options) {
  if (options.transformer.empty()) reject(folder, "no tensors of the transformer are given");
  if (options.threads < 0) reject(folder, "the number of threads is negative");
  if (options.max_shard_bytes == 0) reject(folder, "the size limit of a shard is zero");
  for (const auto* tensors : {&options.transformer, &options.movqgan}) {
    std::set<std::string> names;
    for (const auto& tensor : *tensors) {
      if (!names.insert(tensor.name).second) {
        reject(folder, "tensor " + checkpoint::quoted(tensor.name) + " is given twice");
      }
    }
  }
  if (!options.movqgan.empty() && !is_free_name(options.movqgan_file)) {
    reject(folder, "the image tokenizer's file is not a plain, free name: " + options.movqgan_file);
  }
  try {
    checkpoint::ModelConfig::parse(options.config.to_json(), "config.json");
  } catch (const Error& error) {
    reject(folder, error.what());
  }
}

// One safetensors file, a tensor at a time.
void write_weights(const std::string& path, Family family, const std::vector<TensorSpec>& tensors,
                   bool bf16, const std::string& salt, int threads) {
  const DType dtype = bf16 ? DType::kBFloat16 : DType::kFloat32;
  std::vector<checkpoint::TensorDeclaration> declarations;
  declarations.reserve(tensors.size());
  for (const auto& tensor : tensors) declarations.push_back({tensor.name, dtype, tensor.shape});
  checkpoint::SafetensorsWriter writer(path, declarations, {{"format", "pt"}});
  for (const auto& tensor : tensors) {
    const auto count = static_cast<std::size_t>(*checkpoint::checked_numel(tensor.shape));
    if (bf16) {
      std::vector<std::uint16_t> values(count);
      fill_weights_bf16(family, tensor.name, tensor.shape, values.data(), threads, salt);
      writer.append(tensor.name, values.data(), count * sizeof(std::uint16_t));
    } else {
      std::vector<float> values(count);
      fill_weights(family, tensor.name, tensor.shape, values.data(), threads, salt);
      writer.append(tensor.name, values.data(), count * sizeof(float));
    }
  }
  writer.finish();
}

}  // namespace

void write_recipe_checkpoint(const std::string& folder, const RecipeOptions& options) {
  const std::string target = checked_folder(folder);
  check(folder, options);
  const std::string tokenizer = tokenizer_json(options.config);  // refuses what does not fit
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));

  AtomicFolder out(target);
  checkpoint::write_text_file(out.path("config.json"), options.config.to_json());
  checkpoint::write_text_file(out.path("tokenizer.json"), tokenizer);
  checkpoint::write_text_file(out.path("tokenizer_config.json"), tokenizer_config_json());
  const auto shards = checkpoint::plan_shards(options.transformer,
                                              options.bf16 ? DType::kBFloat16 : DType::kFloat32,
                                              options.max_shard_bytes);
  for (const auto& shard : shards) {
    write_weights(out.path(shard.file), Family::kTransformer, shard.tensors, options.bf16,
                  options.salt, threads);
  }
  if (shards.size() > 1) {
    checkpoint::write_text_file(out.path("model.safetensors.index.json"),
                                checkpoint::shard_index_json(shards));
  }
  if (!options.movqgan.empty()) {
    write_weights(out.path(options.movqgan_file), Family::kMovqgan, options.movqgan, false,
                  options.salt, threads);
  }
  out.commit();
}

}  // namespace lumina::recipe
