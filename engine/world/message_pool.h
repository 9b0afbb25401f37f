#pragma once

#include <deque>
#include <memory>
#include <variant>
#include <vector>

#include "base/virtual_time.h"
#include "protocol/message.h"
#include "world/trace.h"

namespace streamscope::world {

struct NodePlace;

/// What travels on a link.
struct Message {
  enum class Kind : uint8_t {
    Request,
    Response,
    /// The receiver's system ended the connection; not Kafka's message, therefore not in the trace.
    Reset,
  };
  Kind kind{};
  NodePlace* from = nullptr;
  NodePlace* to = nullptr;
  protocol::ApiKey api{};
  int16_t version = 0;
  int32_t correlationId = 0;
  /// Of a request: the connection it is sent on. Of a reset: the connections up to this one are over.
  uint32_t connection = 0;
  /// Of a request: the requester's life. Of a response: the life of the requester it answers.
  uint32_t requesterLife = 0;
  bool expectsResponse = true;
  int16_t errorCode = 0;
  /// RequestSent or ResponseSent; of a reset, what ended the connection.
  EventId sentEvent = 0;
  base::VirtualTime sent{}, due{};
  /// Sent into a cut link, or lost so often that TCP gives up.
  bool isLost = false;
  /// How often TCP has to send it again, and what that costs.
  int32_t retransmissions = 0;
  base::Duration retransmissionDelay{0};
  /// False once it arrived, though it may still wait for a paused node.
  bool isInFlight = false;
  std::variant<std::monostate, protocol::RequestBody, protocol::ResponseBody> body;
};

/// Keeps messages at stable places and uses them again, so that sending allocates nothing.
class MessagePool {
 public:
  class Recycler {
   public:
    explicit Recycler(MessagePool* pool = nullptr) : m_pool(pool) {}
    void operator()(Message* message) const { m_pool->recycle(message); }

   private:
    MessagePool* m_pool;
  };
  using Pointer = std::unique_ptr<Message, Recycler>;

  Pointer take() {
    if (m_free.empty()) return Pointer(&m_messages.emplace_back(), Recycler(this));
    Message* message = m_free.back();
    m_free.pop_back();
    return Pointer(message, Recycler(this));
  }

  /// Used and unused ones; `isInFlight` tells.
  const std::deque<Message>& all() const { return m_messages; }

 private:
  void recycle(Message* message) {
    message->body = std::monostate{};
    message->isInFlight = false;
    m_free.push_back(message);
  }

  std::deque<Message> m_messages;
  std::vector<Message*> m_free;
};

using MessagePointer = MessagePool::Pointer;

}  // namespace streamscope::world
