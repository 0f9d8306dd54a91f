# Every command is a script of the same name in scripts/.
# Variables: VAR PORT JOBS RATE EGRESS_ALLOW EGRESS_CA CONFORMANCE (stack), DESTDIR PREFIX (install).
export VAR PORT JOBS RATE EGRESS_ALLOW EGRESS_CA CONFORMANCE DESTDIR PREFIX

commands := build run start stop test bench lint check install
.PHONY: help $(commands)

help:
	@sed -n 's/^# *//p' scripts/commands

$(commands):
	@scripts/$@
