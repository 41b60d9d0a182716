#include "model/linear.h"

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "checkpoint/mapped_file.h"
#include "checkpoint/messages.h"
#include "device/tensors.h"
#include "lumina/status.h"
#include "model/layout.h"
#include "quant/dense.h"
#include "quant/placed.h"

namespace lumina::model {
namespace {

// From parts that were quantised when the file was written.
std::shared_ptr<const quant::Weight> pack(const checkpoint::WeightSet& weights,
                                          const std::string& name, const quant::Format& format,
                                          const Storage& storage) {
  quant::Parts parts;
  std::vector<const checkpoint::TensorView*> views;
  for (const auto& part : format.parts(1, 2)) {  // of any size: for their names
    views.push_back(&weights.get(part_name(name, part.name)));
    parts.push_back(device::to_tensor(*views.back(), device::scalar_type(*part.dtype)));
  }
  auto weight = storage.device.is_cpu() ? quant::pack(parts, format, storage.round_activations)
                                        : quant::place(parts, format, format.inputs(parts),
                                                       storage.device, storage.dtype);
  for (const auto* view : views) checkpoint::release_pages(*view);
  return weight;
}

// Outputs first .. first + count - 1, from the type they are stored in, which decides how they are
// rounded.
std::shared_ptr<const quant::Weight> quantize(const checkpoint::WeightSet& weights,
                                              const std::string& name, const quant::Format& format,
                                              const Storage& storage, std::int64_t first,
                                              std::int64_t count) {
  const checkpoint::TensorView& view = weights.get(name);
  const bool bf16 = view.dtype == checkpoint::DType::kBFloat16;
  const at::Tensor weight = device::to_tensor(view, bf16 ? at::kBFloat16 : at::kFloat);
  try {
    const at::Tensor rows = weight.narrow(0, first, count);
    auto quantized = storage.device.is_cpu()
                         ? quant::quantize(rows, format, storage.round_activations)
                         : quant::place(format.quantize(rows.to(storage.device)), format,
                                        rows.size(1), storage.device, storage.dtype);
    checkpoint::release_pages(view);
    return quantized;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNumerical) throw;
    checkpoint::fail(view.file, "tensor " + checkpoint::quoted(name) + ": " + error.what());
  }
}

std::shared_ptr<const quant::Weight> load_weight(const checkpoint::WeightSet& weights,
                                                 const std::string& name, const Storage& storage) {
  if (is_layer_matrix(name)) {
    if (const quant::Format* stored = stored_format(weights)) {
      return pack(weights, name, *stored, storage);
    }
    if (storage.format != nullptr) {
      return quantize(weights, name, *storage.format, storage, 0, weights.get(name).shape[0]);
    }
  }
  return std::make_shared<quant::DenseWeight>(
      device::to_tensor(weights.get(name), storage.dtype, storage.device));
}

}  // namespace

Linear::Linear(at::Tensor weight, at::Tensor bias)
    : weight_(std::make_shared<quant::DenseWeight>(std::move(weight))),
      bias_(std::move(bias)),
      first_(0),
      count_(weight_->out_features()) {}

Linear::Linear(std::shared_ptr<const quant::Weight> weight, at::Tensor bias, std::int64_t first,
               std::int64_t count)
    : weight_(std::move(weight)), bias_(std::move(bias)), first_(first), count_(count) {}

Linear Linear::load(const checkpoint::WeightSet& weights, const std::string& name, bool bias,
                    const Storage& storage) {
  at::Tensor b;
  if (bias) b = device::to_tensor(weights.get(name + ".bias"), storage.dtype, storage.device);
  auto weight = load_weight(weights, name + ".weight", storage);
  const std::int64_t out = weight->out_features();
  return Linear(std::move(weight), std::move(b), 0, out);
}

Linear Linear::quantized_rows(const checkpoint::WeightSet& weights, const std::string& tensor,
                              const quant::Format& format, const Storage& storage,
                              std::int64_t first, std::int64_t count) {
  return Linear(quantize(weights, tensor, format, storage, first, count), {}, 0, count);
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  return weight_->product(x, bias_, first_, count_);
}

std::vector<at::Tensor> Linear::together(const at::Tensor& x,
                                         const std::vector<const Linear*>& layers) {
  std::vector<quant::Factor> factors;
  for (const Linear* layer : layers) {
    factors.push_back({layer->weight_.get(), layer->bias_, layer->first_, layer->count_});
  }
  return quant::products(x, factors);
}

Linear Linear::rows(std::int64_t first, std::int64_t count) const {
  return Linear(weight_, bias_.defined() ? bias_.narrow(0, first, count) : bias_, first_ + first,
                count);
}

}  // namespace lumina::model
