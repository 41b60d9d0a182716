#include "training/transformer_network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "lumina/status.h"
#include "model/layout.h"
#include "training/fused.h"
#include "training/lora.h"
#include "training/random.h"

namespace lumina::training {
namespace {

constexpr double kHeadNormEpsilon = 1e-5;  // of the reference's code, whatever the config says

}  // namespace

TransformerNetwork::TransformerNetwork(const checkpoint::ModelConfig& config,
                                       const ParameterSet& parameters,
                                       const std::map<std::string, at::Tensor>& frozen,
                                       const TransformerNetworkOptions& options)
    : config_(config),
      parameters_(parameters),
      frozen_(frozen),
      options_(options),
      rotary_(config) {}

at::Tensor TransformerNetwork::weight(const std::string& name) const {
  if (parameters_.has(name)) {
    const at::Tensor& parameter = parameters_.get(name);
    return name.find("norm") != std::string::npos ? parameter : parameter.to(options_.compute);
  }
  const auto found = frozen_.find(name);
  if (found == frozen_.end()) throw Error(ErrorCode::kInternal, "no weight " + name);
  return found->second;
}

at::Tensor TransformerNetwork::linear(const at::Tensor& x, const std::string& name,
                                      bool bias) const {
  at::Tensor y = bias ? at::linear(x, weight(name + ".weight"), weight(name + ".bias"))
                      : at::linear(x, weight(name + ".weight"));
  if (!parameters_.has(lora_a(name))) return y;
  const at::Tensor low = at::linear(x, weight(lora_a(name)));
  return y + options_.lora.scale() * at::linear(low, weight(lora_b(name)));
}

at::Tensor TransformerNetwork::rms_norm(const at::Tensor& x, const std::string& name) const {
  return fused_rms_norm(x, weight(name + ".weight"), config_.rms_norm_eps);
}

at::Tensor TransformerNetwork::attention(const at::Tensor& x, const std::string& name) const {
  const std::int64_t batch = x.size(0), length = x.size(1), d = config_.head_dim();
  const std::int64_t heads = config_.num_attention_heads;
  const std::int64_t kv_heads = config_.num_key_value_heads;
  const auto project = [&](const char* part, std::int64_t count) {
    return linear(x, name + part, config_.attention_bias).view({batch, length, count, d});
  };
  const auto place = [&](const at::Tensor& y, const std::string& norm) {  // [B, heads, T, d]
    return fused_head_norm_rotate(y, weight(norm + ".weight"), weight(norm + ".bias"),
                                  rotation_.cos, rotation_.sin, kHeadNormEpsilon);
  };
  const auto shared = [&](const at::Tensor& y) {  // key/value heads, once per query head
    return y.size(1) == heads ? y : y.repeat_interleave(heads / kv_heads, 1);
  };
  const at::Tensor q = place(project("q_proj", heads), name + "q_norm");
  const at::Tensor k = place(project("k_proj", kv_heads), name + "k_norm");
  const at::Tensor v = project("v_proj", kv_heads).to(at::kFloat).transpose(1, 2);
  const at::Tensor out = causal_attention(q, shared(k), shared(v));
  return linear(out.transpose(1, 2).reshape({batch, length, heads * d}).to(options_.compute),
                name + "o_proj", config_.attention_bias);
}

at::Tensor TransformerNetwork::mlp(const at::Tensor& x, const std::string& name) const {
  const at::Tensor gate = at::silu(linear(x, name + "gate_proj", config_.mlp_bias));
  return linear(gate * linear(x, name + "up_proj", config_.mlp_bias), name + "down_proj",
                config_.mlp_bias);
}

at::Tensor TransformerNetwork::drop(const at::Tensor& x, std::uint64_t noise,
                                    std::uint32_t place) const {
  if (options_.dropout == 0.0 || noise == 0) return x;
  at::Generator random = generator(noise, Draw::kDropout, 0, place);
  const double kept = 1.0 - options_.dropout;
  // Drawn on the CPU, so that devices agree.
  at::Tensor mask = at::empty(x.sizes(), x.options().device(at::kCPU)).bernoulli_(kept, random);
  return x * mask.div_(kept).to(x.device());
}

at::Tensor TransformerNetwork::layer(const at::Tensor& x, std::int64_t index,
                                     std::uint64_t noise) const {
  const std::string prefix = model::layer_prefix(index);
  const std::string first = prefix + "input_layernorm",
                    second = prefix + "post_attention_layernorm";
  const auto place = static_cast<std::uint32_t>(2 * index);
  if (config_.swin_norm) {
    const at::Tensor h =
        x + drop(rms_norm(attention(x, prefix + "self_attn."), first), noise, place);
    return h + drop(rms_norm(mlp(h, prefix + "mlp."), second), noise, place + 1);
  }
  const at::Tensor h = x + drop(attention(rms_norm(x, first), prefix + "self_attn."), noise, place);
  return h + drop(mlp(rms_norm(h, second), prefix + "mlp."), noise, place + 1);
}

at::Tensor TransformerNetwork::hidden(const at::Tensor& ids, std::uint64_t noise) {
  const std::int64_t length = ids.size(1);
  rotation_ = rotary_.at({0}, length, options_.compute);
  rotation_ = {rotation_.cos.to(ids.device()), rotation_.sin.to(ids.device())};
  const bool learns = at::GradMode::is_enabled();
  const std::uint64_t drawn = learns ? std::max<std::uint64_t>(noise, 1) : 0;
  at::Tensor x = at::embedding(weight(model::kEmbeddingWeight), ids);
  blocks_.clear();
  for (std::int64_t i = 0; i < config_.num_hidden_layers; ++i) {
    blocks_.push_back([this, i, drawn](const at::Tensor& input) { return layer(input, i, drawn); });
  }
  for (const Block& block : blocks_) {
    x = options_.checkpointing && learns ? recompute(block, x) : block(x);
  }
  return x;
}

at::Tensor TransformerNetwork::logits(const at::Tensor& rows) const {
  const at::Tensor normal = rms_norm(rows, model::kFinalNorm);
  if (config_.tie_word_embeddings) {
    return at::linear(normal, weight(model::kEmbeddingWeight)).to(at::kFloat);
  }
  return linear(normal, model::kHead, false).to(at::kFloat);
}

}  // namespace lumina::training
