#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/error_code.h"

namespace streamscope::base {

/// A refusal: something the outside caused (bad bytes, a full disk, an unknown topic). `code` is what Kafka puts on the
/// wire; `message` is one sentence for a person: what is wrong, where, and what to do.
struct Error {
  ErrorCode code = ErrorCode::UNKNOWN_SERVER_ERROR;
  std::string message;

  bool operator==(const Error&) const = default;
};

/// A value or a refusal. What only a bug can cause is not an Error but a broken STREAMSCOPE_ASSERT (base/assert.h).
template <class T, class E = Error>
using Result = tl::expected<T, E>;

using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

template <class E>
tl::unexpected<std::decay_t<E>> fail(E&& error) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace streamscope::base
