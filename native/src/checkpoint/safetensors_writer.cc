#include "checkpoint/safetensors_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoint/extents.h"
#include "checkpoint/messages.h"
#include "checkpoint/stop.h"
#include "lumina/status.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kAlignment = 8;  // of the data, by blanks after the header

[[noreturn]] void reject(const std::string& path, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, path + ": " + what);
}

std::uint64_t byte_size(const TensorDeclaration& tensor, const std::string& path) {
  const auto numel = checked_numel(tensor.shape);
  std::int64_t bytes;
  if (!numel || tensor.shape.size() > kMaxRank ||
      __builtin_mul_overflow(*numel, static_cast<std::int64_t>(element_size(tensor.dtype)),
                             &bytes)) {
    reject(path,
           "tensor " + quoted(tensor.name) + " cannot have the shape " + shape_text(tensor.shape));
  }
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace

SafetensorsWriter::SafetensorsWriter(const std::string& path,
                                     const std::vector<TensorDeclaration>& tensors,
                                     const std::map<std::string, std::string>& metadata)
    : path_(path), file_(path) {
  std::vector<const TensorDeclaration*> order;
  order.reserve(tensors.size());
  for (const auto& tensor : tensors) order.push_back(&tensor);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return element_size(a->dtype) > element_size(b->dtype);
  });

  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t position = 0;  // in the data
  for (const auto* tensor : order) {
    if (header.contains(tensor->name) || tensor->name == "__metadata__") {
      reject(path_, "tensor " + quoted(tensor->name) + " is declared twice or reserved");
    }
    std::uint64_t end;
    if (__builtin_add_overflow(position, byte_size(*tensor, path_), &end)) {
      reject(path_, "the tensors are absurdly large together");
    }
    header[tensor->name] = {{"dtype", dtype_name(tensor->dtype)},
                            {"shape", tensor->shape},
                            {"data_offsets", {position, end}}};
    ranges_[tensor->name] = {position, end};
    position = end;
  }

  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  std::uint8_t length[8];
  for (int i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
  file_.write(0, length, sizeof length);
  file_.write(sizeof length, text.data(), text.size());
  const std::uint64_t data_start = sizeof length + text.size();
  for (auto& [name, range] : ranges_) {
    range.next += data_start;
    range.end += data_start;
  }
}

void SafetensorsWriter::append(const std::string& name, const void* data, std::size_t bytes) {
  check_stopped();
  const auto found = ranges_.find(name);
  if (found == ranges_.end()) reject(path_, "tensor " + quoted(name) + " was not declared");
  Range& range = found->second;
  if (bytes > range.end - range.next) {
    reject(path_, "tensor " + quoted(name) + " has more data than declared");
  }
  file_.write(range.next, data, bytes);
  range.next += bytes;
}

void SafetensorsWriter::finish() {
  for (const auto& [name, range] : ranges_) {
    if (range.next != range.end) {
      reject(path_, "tensor " + quoted(name) + " lacks " + std::to_string(range.end - range.next) +
                        " bytes");
    }
  }
  file_.commit();
}

}  // namespace lumina::checkpoint
