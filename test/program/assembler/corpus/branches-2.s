        .text
        .globl far_away
far_away:
        ret
