;;         li s1, 50
;; again:  addi sp, sp, -16
;;         sd s1, 8(sp)
;;         sw s2, 0(sp)
;;         addi s2, s1, 3
;;         ld s3, 8(sp)
;;         lw s2, 0(sp)
;;         add s2, s2, s3
;;         addi sp, sp, 16
;;         addi s1, s1, -1
;;         bnez s1, again
;;         ebreak
(module
  (type (;0;) (func (param i32 i32) (result i64 i32)))
  (type (;1;) (func (param i64 i32 i32 i64 i64 i32) (result i64 i32)))
  (type (;2;) (func (param i64 i64 i32) (result i64)))
  (type (;3;) (func (param i64 i32) (result i64)))
  (type (;4;) (func (param i64 i64 i64 i32) (result i64)))
  (type (;5;) (func (param i64 i32 i32) (result i64)))
  (type (;6;) (func (param i64) (result i64)))
  (import "host" "memory" (memory (;0;) 2090 2090))
  (import "host" "own" (table (;0;) 0 funcref))
  (func (;0;) (type 0) (param i32 i32) (result i64 i32)
    (local i64 i64 i32 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (if  ;; label = @1
      (i32.lt_s
        (i32.or
          (i32.sub
            (local.get 0)
            (i32.const 40))
          (local.get 1))
        (i32.const 0))
      (then
        (i32.store
          (i32.const 3076)
          (i32.const 0))
        (return
          (i64.or
            (i64.const 65540)
            (i64.extend_i32_u
              (i32.lt_s
                (local.get 0)
                (i32.const 40))))
          (local.get 0))))
    (local.set 6
      (i64.load
        (i32.const 16)))
    (local.set 7
      (i64.load
        (i32.const 72)))
    (local.set 8
      (i64.load
        (i32.const 144)))
    (local.set 9
      (i64.load
        (i32.const 152)))
    (loop  ;; label = @1
      (block  ;; label = @2
        (local.set 6
          (i64.add
            (local.get 6)
            (i64.const -16)))
        (if  ;; label = @3
          (i64.gt_u
            (i64.add
              (local.get 6)
              (i64.const -65994752))
            (i64.const 65520))
          (then
            (i64.store
              (i32.const 16)
              (local.get 6))
            (i64.store
              (i32.const 72)
              (local.get 7))
            (i64.store
              (i32.const 144)
              (local.get 8))
            (i64.store
              (i32.const 152)
              (local.get 9))
            (i32.store
              (i32.const 3076)
              (i32.const 1))
            (return
              (i64.const 65545)
              (i32.sub
                (local.get 0)
                (i32.const 1)))))
        (i64.store offset=19464200
          (i32.wrap_i64
            (local.get 6))
          (local.get 7))
        (i64.store32 offset=19464192
          (i32.wrap_i64
            (local.get 6))
          (local.get 8))
        (local.set 10
          (local.get 8))
        (local.set 8
          (i64.add
            (local.get 7)
            (i64.const 3)))
        (local.set 9
          (local.get 7))
        (local.set 8
          (i64.extend_i32_s
            (i32.wrap_i64
              (local.get 10))))
        (local.set 8
          (i64.add
            (local.get 8)
            (local.get 9)))
        (local.set 6
          (i64.add
            (local.get 6)
            (i64.const 16)))
        (local.set 11
          (local.get 7))
        (local.set 7
          (i64.add
            (local.get 7)
            (i64.const -1)))
        (if  ;; label = @3
          (i64.ne
            (local.get 7)
            (i64.const 0))
          (then
            (local.set 6
              (i64.add
                (local.get 6)
                (i64.const -16)))
            (i64.store offset=19464200
              (i32.wrap_i64
                (local.get 6))
              (local.get 7))
            (i64.store32 offset=19464192
              (i32.wrap_i64
                (local.get 6))
              (local.get 8))
            (local.set 12
              (local.get 8))
            (local.set 8
              (i64.add
                (local.get 7)
                (i64.const 3)))
            (local.set 9
              (local.get 7))
            (local.set 8
              (i64.extend_i32_s
                (i32.wrap_i64
                  (local.get 12))))
            (local.set 8
              (i64.add
                (local.get 8)
                (local.get 9)))
            (local.set 6
              (i64.add
                (local.get 6)
                (i64.const 16)))
            (local.set 13
              (local.get 7))
            (local.set 7
              (i64.add
                (local.get 7)
                (i64.const -1)))
            (if  ;; label = @4
              (i64.ne
                (local.get 7)
                (i64.const 0))
              (then
                (local.set 6
                  (i64.add
                    (local.get 6)
                    (i64.const -16)))
                (i64.store offset=19464200
                  (i32.wrap_i64
                    (local.get 6))
                  (local.get 7))
                (i64.store32 offset=19464192
                  (i32.wrap_i64
                    (local.get 6))
                  (local.get 8))
                (local.set 14
                  (local.get 8))
                (local.set 8
                  (i64.add
                    (local.get 7)
                    (i64.const 3)))
                (local.set 9
                  (local.get 7))
                (local.set 8
                  (i64.extend_i32_s
                    (i32.wrap_i64
                      (local.get 14))))
                (local.set 8
                  (i64.add
                    (local.get 8)
                    (local.get 9)))
                (local.set 6
                  (i64.add
                    (local.get 6)
                    (i64.const 16)))
                (local.set 15
                  (local.get 7))
                (local.set 7
                  (i64.add
                    (local.get 7)
                    (i64.const -1)))
                (if  ;; label = @5
                  (i64.ne
                    (local.get 7)
                    (i64.const 0))
                  (then
                    (local.set 6
                      (i64.add
                        (local.get 6)
                        (i64.const -16)))
                    (i64.store offset=19464200
                      (i32.wrap_i64
                        (local.get 6))
                      (local.get 7))
                    (i64.store32 offset=19464192
                      (i32.wrap_i64
                        (local.get 6))
                      (local.get 8))
                    (local.set 16
                      (local.get 8))
                    (local.set 8
                      (i64.add
                        (local.get 7)
                        (i64.const 3)))
                    (local.set 9
                      (local.get 7))
                    (local.set 8
                      (i64.extend_i32_s
                        (i32.wrap_i64
                          (local.get 16))))
                    (local.set 8
                      (i64.add
                        (local.get 8)
                        (local.get 9)))
                    (local.set 6
                      (i64.add
                        (local.get 6)
                        (i64.const 16)))
                    (local.set 17
                      (local.get 7))
                    (local.set 7
                      (i64.add
                        (local.get 7)
                        (i64.const -1)))
                    (if  ;; label = @6
                      (i64.ne
                        (local.get 7)
                        (i64.const 0))
                      (then
                        (local.set 0
                          (i32.sub
                            (local.get 0)
                            (i32.const 40)))
                        (if  ;; label = @7
                          (i32.lt_s
                            (local.get 0)
                            (i32.const 40))
                          (then
                            (i64.store
                              (i32.const 16)
                              (local.get 6))
                            (i64.store
                              (i32.const 72)
                              (local.get 7))
                            (i64.store
                              (i32.const 144)
                              (local.get 8))
                            (i64.store
                              (i32.const 152)
                              (local.get 9))
                            (i32.store
                              (i32.const 3076)
                              (i32.const 0))
                            (return
                              (i64.const 65541)
                              (local.get 0))))
                        (br 5 (;@1;)))
                      (else
                        (br 4 (;@2;)))))
                  (else
                    (local.set 0
                      (i32.sub
                        (local.get 0)
                        (i32.const -10)))
                    (br 3 (;@2;)))))
              (else
                (local.set 0
                  (i32.sub
                    (local.get 0)
                    (i32.const -20)))
                (br 2 (;@2;)))))
          (else
            (local.set 0
              (i32.sub
                (local.get 0)
                (i32.const -30)))
            (br 1 (;@2;)))))
      (i64.store
        (i32.const 16)
        (local.get 6))
      (i64.store
        (i32.const 72)
        (local.get 7))
      (i64.store
        (i32.const 144)
        (local.get 8))
      (i64.store
        (i32.const 152)
        (local.get 9))
      (i32.store
        (i32.const 3076)
        (i32.const 4))
      (return
        (i64.const 65581)
        (i32.sub
          (local.get 0)
          (i32.const 40))))
    (unreachable))
  (export "region0" (func 0)))
