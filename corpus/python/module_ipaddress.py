"""ipaddress: addresses, networks and interfaces."""
import ipaddress as ip

for text in ("192.168.0.1", "8.8.8.8", "::1", "2001:db8::8a2e:370:7334", "::ffff:1.2.3.4", "224.0.0.1"):
    a = ip.ip_address(text)
    print(repr(a), int(a), a.version, a.exploded, a.is_private, a.is_global, a.is_loopback, a.is_multicast, a.is_link_local, a.reverse_pointer)
print(ip.ip_address(3232235521), ip.ip_address(2**64), ip.ip_address(b"\x01\x02\x03\x04"), ip.ip_address("1.2.3.4").packed, ip.ip_address("1.2.3.4") + 256)
net = ip.ip_network("192.168.1.0/29")
print(repr(net), net.netmask, net.hostmask, net.broadcast_address, net.num_addresses, list(net.hosts()), net[1], net[-1])
print(ip.ip_address("192.168.1.5") in net, list(net.subnets(new_prefix=30)), net.supernet(), net.overlaps(ip.ip_network("192.168.1.4/30")), net.with_netmask)
print(ip.ip_network("10.0.0.5/8", strict=False), ip.ip_network("10.0.0.0/255.0.0.0").prefixlen, ip.ip_network("2001:db8::/126").num_addresses, list(ip.ip_network("2001:db8::/126")))
print(list(ip.ip_network("10.0.0.0/24").address_exclude(ip.ip_network("10.0.0.128/25"))), ip.ip_network("10.0.0.0/25").subnet_of(ip.ip_network("10.0.0.0/24")))
print(list(ip.collapse_addresses([ip.ip_network("10.0.0.0/25"), ip.ip_network("10.0.0.128/25"), ip.ip_address("10.0.2.1")])))
print(list(ip.summarize_address_range(ip.ip_address("10.0.0.1"), ip.ip_address("10.0.0.9"))))
face = ip.ip_interface("10.1.2.3/16")
print(repr(face), face.ip, face.network, face.with_netmask)
print(sorted([ip.ip_address("10.0.0.10"), ip.ip_address("10.0.0.9")]), ip.ip_address("10.0.0.1") < ip.ip_address("10.0.0.2"), len({ip.ip_address("::1"), ip.ip_address("0::1")}))
print(f"{ip.ip_address('1.2.3.4'):x} {ip.ip_address('1.2.3.4'):#b} {ip.ip_address('::1'):n} {ip.ip_address('1.2.3.4'):>10s}")
for text in ("256.1.1.1", "1.2.3", "01.2.3.4", "a.b.c.d", "1::2::3", ":1", "12345::", "", "1.2.3.4/33"):
    for make in (ip.ip_address, ip.IPv4Address, ip.IPv6Address, ip.ip_network):
        try:
            print(make(text))
        except ValueError as error:
            print(type(error).__name__, error)
try:
    ip.ip_network("10.0.0.5/8")
except ValueError as error:
    print(error)
try:
    ip.ip_address("1.1.1.1") < ip.ip_address("::1")
except TypeError as error:
    print(error)
