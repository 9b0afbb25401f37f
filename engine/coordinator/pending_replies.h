#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "world/network.h"

namespace streamscope::coordinator {

class PendingReply;

/// The requests that a coordinator has not answered yet, so that those who wait learn when it goes away.
class PendingReplies {
 public:
  explicit PendingReplies(world::Network& network) : m_network(network) {}

  std::shared_ptr<PendingReply> add(const world::ReplyHandle& reply);
  /// Disconnects whoever waits; what is answered later goes nowhere.
  void abandonAll(const std::string& reason);

 private:
  friend class PendingReply;

  world::Network& m_network;
  uint64_t m_lastId = 0;
  std::map<uint64_t, PendingReply*> m_pending;
};

/// An answer that is given once, by whoever gets to know it first.
class PendingReply {
 public:
  PendingReply(PendingReplies& all, uint64_t id, const world::ReplyHandle& reply)
      : m_all(all), m_id(id), m_reply(reply) {}
  ~PendingReply() { m_all.m_pending.erase(m_id); }
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;

  bool isDone() const { return m_isDone; }
  /// The version the request came in.
  int16_t version() const { return m_reply.version; }
  /// Does nothing when it is done.
  void answer(protocol::ResponseBody body);

 private:
  friend class PendingReplies;

  PendingReplies& m_all;
  const uint64_t m_id;
  const world::ReplyHandle m_reply;
  bool m_isDone = false;
};

using ReplyPtr = std::shared_ptr<PendingReply>;

}  // namespace streamscope::coordinator
