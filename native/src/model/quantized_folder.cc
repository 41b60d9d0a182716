#include "model/quantized_folder.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "checkpoint/mapped_file.h"
#include "checkpoint/messages.h"
#include "checkpoint/model_config.h"
#include "checkpoint/safetensors_writer.h"
#include "checkpoint/sha256.h"
#include "device/tensors.h"
#include "lumina/status.h"
#include "model/layout.h"
#include "model/model_folder.h"
#include "model/storage.h"

namespace lumina::model {
namespace {

using checkpoint::TensorView;

// Numbers of a tensor that are handled together, 16 MB of fp32.
constexpr std::int64_t kNumbersTogether = std::int64_t{4} << 20;
// Of the whole work, what reading the source once more for its sums takes.
constexpr double kShareOfSums = 0.3;

// Tensors that go into the file, by name: what the model needs, without what it ignores.
std::map<std::string, TensorView> needed(const checkpoint::WeightSet& weights) {
  std::map<std::string, TensorView> tensors;
  for (const auto& [name, view] : weights.tensors()) {
    if (!is_ignored_tensor(name)) tensors.emplace(name, view);
  }
  return tensors;
}

std::vector<checkpoint::TensorDeclaration> declarations(
    const std::map<std::string, TensorView>& tensors, const quant::Format& format) {
  std::vector<checkpoint::TensorDeclaration> all;
  for (const auto& [name, view] : tensors) {
    if (!is_layer_matrix(name)) {
      all.push_back({name, view.dtype, view.shape});
      continue;
    }
    for (const auto& part : format.parts(view.shape[0], view.shape[1])) {
      all.push_back({part_name(name, part.name), *part.dtype, part.shape});
    }
  }
  return all;
}

std::string source_sums(const std::map<std::string, TensorView>& tensors,
                        const std::function<void()>& between) {
  nlohmann::json sums = nlohmann::json::object();
  for (const auto& [name, view] : tensors) {
    const std::string file = std::filesystem::path(view.file).filename().string();
    if (!sums.contains(file)) sums[file] = checkpoint::sha256_of_file(view.file, between);
  }
  return sums.dump();
}

void append(checkpoint::SafetensorsWriter& writer, const std::string& name,
            const at::Tensor& tensor) {
  const at::Tensor dense = tensor.contiguous();
  writer.append(name, dense.const_data_ptr(), dense.nbytes());
}

// Some outputs of a matrix, or some first-dimension entries of another tensor.
void write_piece(checkpoint::SafetensorsWriter& writer, const std::string& name,
                 const at::Tensor& piece, const TensorView& view, const quant::Format& format) {
  if (!is_layer_matrix(name)) return append(writer, name, piece);
  const bool wide = view.dtype != checkpoint::DType::kBFloat16;
  quant::Parts parts;
  try {
    parts = format.quantize(wide ? piece.to(at::kFloat) : piece);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNumerical) throw;
    checkpoint::fail(view.file, "tensor " + checkpoint::quoted(name) + ": " + error.what());
  }
  const auto specs = format.parts(view.shape[0], view.shape[1]);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    append(writer, part_name(name, specs[i].name), parts[i]);
  }
}

}  // namespace

void write_quantized(const std::string& from, const quant::Format& format, const std::string& to,
                     const std::function<void(double share)>& progress) {
  write_model_folder(from, to, [&](const std::string& file) {
    const auto config = checkpoint::ModelConfig::read(from);
    const auto weights = checkpoint::WeightSet::open(from, transformer_anchors());
    require_plain(weights, "quantising");
    require_transformer(weights, config);
    const auto tensors = needed(weights);
    std::int64_t total = 0;
    for (const auto& [name, view] : tensors) total += view.numel();

    const auto declared = declarations(tensors, format);  // before the long reading of the source
    const std::string sums = source_sums(tensors, [&] { progress(0.0); });
    checkpoint::SafetensorsWriter writer(
        file, declared, {{"format", "pt"}, {kFormatKey, format.name()}, {kSourceKey, sums}});
    std::int64_t done = 0;
    for (const auto& [name, view] : tensors) {
      const at::Tensor tensor = device::to_tensor(view, device::scalar_type(view.dtype));
      const std::int64_t entries = tensor.size(0);
      const std::int64_t together = std::max<std::int64_t>(
          1, kNumbersTogether / std::max<std::int64_t>(1, tensor[0].numel()));
      for (std::int64_t first = 0; first < entries; first += together) {
        const std::int64_t count = std::min(together, entries - first);
        write_piece(writer, name, tensor.narrow(0, first, count), view, format);
        done += count * tensor[0].numel();
        progress(kShareOfSums +
                 (1.0 - kShareOfSums) * static_cast<double>(done) / static_cast<double>(total));
      }
      checkpoint::release_pages(view);
    }
    writer.finish();
  });
}

}  // namespace lumina::model
