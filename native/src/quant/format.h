// A way to store weights in few bits. One class each, in a file of its own; formats.cc lists them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"
#include "kernels/cpu/packed_matrix.h"
#include "quant/weight.h"

namespace lumina::quant {

// Quantised outputs as a file holds them, the same for every device: one tensor for each of
// Format::parts(), whose first dimension counts outputs.
using Parts = std::vector<at::Tensor>;

class Format {
 public:
  virtual ~Format() = default;

  virtual std::string name() const = 0;  // "int4:128:hqq"; find_format() gives this format for it

  // What a weight [out, in] becomes in a file: parts named "codes", "scale", .. with their types.
  // Throws Error(kInvalidArgument) for numbers of inputs that a file cannot hold.
  virtual std::vector<checkpoint::TensorSpec> parts(std::int64_t out, std::int64_t in) const = 0;
  // The number of inputs of parts from a file.
  virtual std::int64_t inputs(const Parts& parts) const = 0;
  // weight [n, in], fp32 or bf16, any n. Throws Error(kNumerical) for NaN or infinity.
  virtual Parts quantize(const at::Tensor& weight) const = 0;
  // The weights that the codes stand for: fp32 [n, in].
  virtual at::Tensor dequantize(const Parts& parts, std::int64_t in) const = 0;

  virtual kernels::PackedLayout layout(std::int64_t out, std::int64_t in) const = 0;
  // The kernels' view of at most one strip of outputs; dense parts, which must outlive it.
  virtual kernels::PlainCodes plain(const Parts& parts) const = 0;
};

// The weight [out, in], quantised strip by strip: beside the result only little is in memory.
std::shared_ptr<const Weight> quantize(const at::Tensor& weight, const Format& format,
                                       bool round_activations);
// The same of parts that were quantised before.
std::shared_ptr<const Weight> pack(const Parts& parts, const Format& format,
                                   bool round_activations);

}  // namespace lumina::quant
