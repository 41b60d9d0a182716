#include "training/tensor_file.h"

#include <ATen/ATen.h>

#include "checkpoint/safetensors.h"
#include "checkpoint/safetensors_writer.h"
#include "device/tensors.h"
#include "lumina/status.h"

namespace lumina::training {
namespace {

checkpoint::DType stored_type(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat: return checkpoint::DType::kFloat32;
    case at::kBFloat16: return checkpoint::DType::kBFloat16;
    case at::kLong: return checkpoint::DType::kInt64;
    default: throw Error(ErrorCode::kInternal, "a tensor of this element type is never stored");
  }
}

}  // namespace

void write_tensors(const std::string& path, const NamedTensors& tensors,
                   const std::map<std::string, std::string>& metadata) {
  std::vector<checkpoint::TensorDeclaration> declarations;
  for (const auto& [name, tensor] : tensors) {
    declarations.push_back({name, stored_type(tensor), tensor.sizes().vec()});
  }
  checkpoint::SafetensorsWriter writer(path, declarations, metadata);
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor plain = tensor.detach().cpu().contiguous();
    writer.append(name, plain.const_data_ptr(), plain.nbytes());
  }
  writer.finish();
}

TensorFile read_tensors(const std::string& path) {
  const auto file = checkpoint::MappedFile::open(path);
  TensorFile result;
  result.metadata = checkpoint::read_safetensors_metadata(file);
  for (const auto& [name, view] : checkpoint::read_safetensors(file)) {
    result.tensors[name] = device::to_tensor(view, device::scalar_type(view.dtype)).clone();
  }
  return result;
}

}  // namespace lumina::training
